-- order_amounts: what customers spend on a day with an order, customers of about the same mean counted together.
-- Grain       one row per (frequency, step of the mean amount)
-- Parameters  $as_of       DATE    the last day observed; later orders are left out
-- Returns     frequency    BIGINT  days with an order after the day of the first one, at least 1
--             mean_amount  DOUBLE  money, mean of these customers' means over those days; above 0
--             customers    BIGINT
-- Notes       For the gamma-gamma model. A step is 2 % of the amount, far less than how amounts differ.
WITH daily AS (
    SELECT customer_id, ordered_on, amount FROM daily_orders WHERE ordered_on <= cast($as_of AS DATE)
),

firsts AS (
    SELECT customer_id, min(ordered_on) AS first_on FROM daily GROUP BY customer_id
),

means AS (
    SELECT daily.customer_id, count(*) AS frequency, avg(daily.amount) AS mean_amount
    FROM daily
    INNER JOIN firsts ON daily.customer_id = firsts.customer_id
    WHERE daily.ordered_on > firsts.first_on
    GROUP BY daily.customer_id
    HAVING avg(daily.amount) > 0
)

SELECT
    frequency,
    avg(mean_amount) AS mean_amount,
    count(*) AS customers
FROM means
GROUP BY frequency, cast(round(ln(mean_amount) * 50.0) AS BIGINT)
ORDER BY frequency, mean_amount
