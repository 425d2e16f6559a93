-- order_amounts: what customers spend in a week with an order, customers of about the same mean counted together.
-- Grain       one row per (frequency, step of the mean amount)
-- Parameters  $as_of       DATE    the last day observed; later orders are left out
-- Returns     frequency    BIGINT  weeks with an order after the week of the first one, at least 1
--             mean_amount  DOUBLE  money, mean of these customers' means; above 0
--             customers    BIGINT
-- Notes       For the gamma-gamma model. A step is 2 % of the amount, far less than how amounts differ. The same weeks,
--             credit notes and refunds as in order_histories.
WITH weekly AS (
    SELECT
        placed.customer_id,
        cast(floor(date_diff('day', first_orders.first_on, placed.ordered_on) / 7.0) AS BIGINT) AS week,
        cast(sum(placed.amount - coalesce(placed.refund, 0)) AS DOUBLE) AS amount
    FROM orders AS placed
    INNER JOIN (
        SELECT customer_id, min(ordered_on) AS first_on
        FROM orders
        WHERE amount >= 0 AND customer_id IS NOT NULL
        GROUP BY customer_id
    ) AS first_orders ON placed.customer_id = first_orders.customer_id
    WHERE placed.amount >= 0 AND placed.ordered_on <= cast($as_of AS DATE)
    GROUP BY
        placed.customer_id,
        cast(floor(date_diff('day', first_orders.first_on, placed.ordered_on) / 7.0) AS BIGINT)
),

means AS (
    SELECT customer_id, count(*) AS frequency, avg(amount) AS mean_amount
    FROM weekly
    WHERE week > 0
    GROUP BY customer_id
    HAVING avg(amount) > 0
)

SELECT
    frequency,
    avg(mean_amount) AS mean_amount,
    count(*) AS customers
FROM means
GROUP BY frequency, cast(round(ln(mean_amount) * 50.0) AS BIGINT)
ORDER BY frequency, mean_amount
