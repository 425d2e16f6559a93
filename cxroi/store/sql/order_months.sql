-- order_months: what was sold in each month, and the margin where the orders tell it.
-- Grain       one row per (month, segment) with an order
-- Returns     month                DATE           first day
--             segment              VARCHAR        NULL where the data have none
--             orders               BIGINT         order numbers, or rows where they have none; credit notes are not counted
--             revenue              DECIMAL(38,3)  money: amount less refund, credit notes included
--             margin               DECIMAL(38,3)  money: margin, or amount less refund and variable cost, where given
--             revenue_with_margin  DECIMAL(38,3)  money: revenue of the rows behind `margin`
-- Notes       A discount is taken to be in the amount already. Only customers whose orders do not all say their one segment
--             are looked up.
WITH looked_up AS (
    SELECT customer_id, segment
    FROM customer_segments
    WHERE NOT as_ordered
),

placed AS (
    SELECT
        cast(date_trunc('month', orders.ordered_on) AS DATE) AS month,
        CASE WHEN looked_up.customer_id IS NULL THEN nullif(trim(orders.segment), '') ELSE looked_up.segment END AS segment,
        orders.amount >= 0 AS is_order,
        orders.order_id,
        orders.amount - coalesce(orders.refund, 0) AS revenue,
        coalesce(orders.margin, orders.amount - coalesce(orders.refund, 0) - orders.variable_cost) AS margin
    FROM orders
    LEFT JOIN looked_up ON orders.customer_id = looked_up.customer_id
),

numbered AS (
    SELECT month, segment, count(DISTINCT order_id) AS orders
    FROM placed
    WHERE is_order AND order_id IS NOT NULL
    GROUP BY month, segment
),

sold AS (
    SELECT
        month,
        segment,
        count(CASE WHEN is_order AND order_id IS NULL THEN 1 END) AS orders,
        sum(revenue) AS revenue,
        sum(margin) AS margin,
        sum(CASE WHEN margin IS NOT NULL THEN revenue END) AS revenue_with_margin
    FROM placed
    GROUP BY month, segment
)

SELECT
    sold.month,
    sold.segment,
    sold.orders + coalesce(numbered.orders, 0) AS orders,
    cast(sold.revenue AS DECIMAL(38, 3)) AS revenue,
    cast(sold.margin AS DECIMAL(38, 3)) AS margin,
    cast(sold.revenue_with_margin AS DECIMAL(38, 3)) AS revenue_with_margin
FROM sold
LEFT JOIN numbered
    ON sold.month = numbered.month
    AND (sold.segment = numbered.segment OR (sold.segment IS NULL AND numbered.segment IS NULL))
ORDER BY sold.month, sold.segment NULLS FIRST
