-- order_events: who joined and who was lost in each month, told by orders alone.
-- Grain       one row per (month, segment) in which anybody joined or was lost
-- Parameters  $window_months  BIGINT   whole months without an order after which a customer counts as lost
-- Returns     month           DATE     first day; may lie after the last order
--             segment         VARCHAR  NULL where the data have none
--             joined          BIGINT   ordered in the month and had not in the $window_months before: new or returned
--             lost            BIGINT   the window ran out: ordered $window_months ago and not since, this month included
-- Notes       Active at the start of a month: an order in one of the $window_months before it. Credit notes (amount below 0)
--             are no orders.
WITH customer_months AS (
    SELECT DISTINCT
        customer_id,
        year(ordered_on) * 12 + month(ordered_on) - 1 AS month_number
    FROM orders
    WHERE amount >= 0
),

neighbours AS (
    SELECT
        customer_id,
        month_number,
        lag(month_number) OVER (PARTITION BY customer_id ORDER BY month_number) AS earlier,
        lead(month_number) OVER (PARTITION BY customer_id ORDER BY month_number) AS later
    FROM customer_months
),

events AS (
    SELECT customer_id, month_number, 1 AS joined, 0 AS lost
    FROM neighbours
    WHERE earlier IS NULL OR month_number - earlier > cast($window_months AS BIGINT)
    UNION ALL
    SELECT customer_id, month_number + cast($window_months AS BIGINT) AS month_number, 0 AS joined, 1 AS lost
    FROM neighbours
    WHERE later IS NULL OR later - month_number > cast($window_months AS BIGINT)
)

SELECT
    make_date(cast(floor(events.month_number / 12.0) AS INTEGER), cast(events.month_number % 12 AS INTEGER) + 1, 1) AS month,
    customer_segments.segment,
    cast(sum(events.joined) AS BIGINT) AS joined,
    cast(sum(events.lost) AS BIGINT) AS lost
FROM events
INNER JOIN customer_segments ON events.customer_id = customer_segments.customer_id
GROUP BY events.month_number, customer_segments.segment
ORDER BY events.month_number, customer_segments.segment NULLS FIRST
