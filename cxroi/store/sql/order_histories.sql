-- order_histories: how often and how lately customers ordered, those with about the same history counted together.
-- Grain       one row per (segment, frequency, recency_weeks, age_weeks)
-- Parameters  $as_of         DATE     the last day observed; later orders are left out
-- Returns     segment        VARCHAR  NULL where the data have none
--             frequency      BIGINT   days with an order after the day of the first one
--             recency_weeks  DOUBLE   from the first order to the last; 0 where there was one day only
--             age_weeks      DOUBLE   from the first order to $as_of
--             customers      BIGINT
--             mean_amount    DOUBLE   money: mean over these customers of their mean later day with an order; 0 where none
-- Notes       Times are rounded to the middle of their week, which keeps the result small and bends no model fitted to it.
WITH daily AS (
    SELECT customer_id, ordered_on, amount FROM daily_orders WHERE ordered_on <= cast($as_of AS DATE)
),

firsts AS (
    SELECT customer_id, min(ordered_on) AS first_on FROM daily GROUP BY customer_id
),

histories AS (
    SELECT
        daily.customer_id,
        count(*) - 1 AS frequency,
        floor(date_diff('day', firsts.first_on, max(daily.ordered_on)) / 7.0) + 0.5 AS recency_weeks,
        floor(date_diff('day', firsts.first_on, cast($as_of AS DATE)) / 7.0) + 0.5 AS age_weeks,
        avg(CASE WHEN daily.ordered_on > firsts.first_on THEN daily.amount END) AS mean_amount
    FROM daily
    INNER JOIN firsts ON daily.customer_id = firsts.customer_id
    GROUP BY daily.customer_id, firsts.first_on
),

rounded AS (
    SELECT
        customer_id,
        frequency,
        cast(CASE WHEN frequency = 0 THEN 0 ELSE recency_weeks END AS DOUBLE) AS recency_weeks,
        cast(age_weeks AS DOUBLE) AS age_weeks,
        mean_amount
    FROM histories
)

SELECT
    customer_segments.segment,
    rounded.frequency,
    rounded.recency_weeks,
    rounded.age_weeks,
    count(*) AS customers,
    coalesce(avg(rounded.mean_amount), 0.0) AS mean_amount
FROM rounded
INNER JOIN customer_segments ON rounded.customer_id = customer_segments.customer_id
GROUP BY customer_segments.segment, rounded.frequency, rounded.recency_weeks, rounded.age_weeks
ORDER BY segment NULLS FIRST, frequency, recency_weeks, age_weeks
