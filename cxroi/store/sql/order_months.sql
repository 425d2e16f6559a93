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
)

SELECT
    month,
    segment,
    count(DISTINCT CASE WHEN is_order THEN order_id END) + count(CASE WHEN is_order AND order_id IS NULL THEN 1 END) AS orders,
    cast(sum(revenue) AS DECIMAL(38, 3)) AS revenue,
    cast(sum(margin) AS DECIMAL(38, 3)) AS margin,
    cast(sum(CASE WHEN margin IS NOT NULL THEN revenue END) AS DECIMAL(38, 3)) AS revenue_with_margin
FROM placed
GROUP BY month, segment
ORDER BY month, segment NULLS FIRST
