-- order_months: what was sold in each month, and the margin where the orders tell it.
-- Grain       one row per (month, segment) with an order
-- Returns     month                DATE           first day
--             segment              VARCHAR        NULL where the data have none
--             orders               BIGINT         order numbers, or rows where they have none; credit notes are not counted
--             revenue              DECIMAL(38,3)  money: amount less refund, credit notes included
--             margin               DECIMAL(38,3)  money: margin, or amount less refund and variable cost, where given
--             revenue_with_margin  DECIMAL(38,3)  money: revenue of the rows behind `margin`
-- Notes       A discount is taken to be in the amount already.
SELECT
    cast(date_trunc('month', orders.ordered_on) AS DATE) AS month,
    customer_segments.segment,
    count(DISTINCT CASE WHEN orders.amount >= 0 THEN orders.order_id END)
    + count(CASE WHEN orders.amount >= 0 AND orders.order_id IS NULL THEN 1 END) AS orders,
    cast(sum(orders.amount - coalesce(orders.refund, 0)) AS DECIMAL(38, 3)) AS revenue,
    cast(
        sum(coalesce(orders.margin, orders.amount - coalesce(orders.refund, 0) - orders.variable_cost)) AS DECIMAL(38, 3)
    ) AS margin,
    cast(
        sum(
            CASE
                WHEN orders.margin IS NOT NULL OR orders.variable_cost IS NOT NULL
                    THEN orders.amount - coalesce(orders.refund, 0)
            END
        ) AS DECIMAL(38, 3)
    ) AS revenue_with_margin
FROM orders
INNER JOIN customer_segments ON orders.customer_id = customer_segments.customer_id
GROUP BY cast(date_trunc('month', orders.ordered_on) AS DATE), customer_segments.segment
ORDER BY month, segment NULLS FIRST
