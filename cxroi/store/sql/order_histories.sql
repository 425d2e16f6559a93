-- order_histories: how often and how lately customers ordered, those with the same history counted together.
-- Grain       one row per (segment, frequency, recency_weeks, age_weeks)
-- Parameters  $as_of         DATE     the last day observed; later orders are left out
-- Returns     segment        VARCHAR  NULL where the data have none
--             frequency      BIGINT   weeks with an order after the week of the first one
--             recency_weeks  BIGINT   from the first order to the last; 0 where there was one only
--             age_weeks      BIGINT   from the first order to $as_of, whole weeks
--             customers      BIGINT
--             mean_amount    DOUBLE   money: mean over these customers of their mean order week after the first; 0 where none
-- Notes       Weeks count from each customer's first order. Credit notes (amount below 0) are no orders; refunds are taken
--             off the amount. Customers in their first week have no age yet and are left out.
WITH weekly AS (
    SELECT
        placed.customer_id,
        first_orders.first_on,
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
        first_orders.first_on,
        cast(floor(date_diff('day', first_orders.first_on, placed.ordered_on) / 7.0) AS BIGINT)
),

histories AS (
    SELECT
        customer_id,
        sum(CASE WHEN week > 0 THEN 1 ELSE 0 END) AS frequency,
        max(week) AS recency_weeks,
        cast(floor(date_diff('day', first_on, cast($as_of AS DATE)) / 7.0) AS BIGINT) AS age_weeks,
        avg(CASE WHEN week > 0 THEN amount END) AS mean_amount
    FROM weekly
    GROUP BY customer_id, first_on
)

SELECT
    customer_segments.segment,
    cast(histories.frequency AS BIGINT) AS frequency,
    histories.recency_weeks,
    histories.age_weeks,
    count(*) AS customers,
    coalesce(avg(histories.mean_amount), 0.0) AS mean_amount
FROM histories
INNER JOIN customer_segments ON histories.customer_id = customer_segments.customer_id
WHERE histories.age_weeks > 0
GROUP BY
    customer_segments.segment,
    cast(histories.frequency AS BIGINT),
    histories.recency_weeks,
    histories.age_weeks
ORDER BY segment NULLS FIRST, frequency, recency_weeks, age_weeks
