-- order_spells: how long customers take to come back, month by month: enough to tell who joined and who was lost for any
-- window, and which window covers most gaps.
-- Grain       one row per (month, segment, gap_months)
-- Returns     month        DATE     first day of a month in which customers ordered
--             segment      VARCHAR  NULL where the data have none
--             gap_months   BIGINT   calendar months until their next month with an order; NULL where there is none yet
--             customers    BIGINT   who ordered in `month` and next so much later
--             first_seen   BIGINT   of those, whose first order it was
--             repeat_days  BIGINT   further order days within the month: gaps of 0 months
-- Notes       Orders of one customer on one day are one order day. Credit notes (amount below 0) are no orders.
WITH customer_months AS (
    SELECT
        customer_id,
        year(ordered_on) * 12 + month(ordered_on) - 1 AS month_number,
        bit_count(bit_or(1 << day(ordered_on))) AS days
    FROM orders
    WHERE amount >= 0
    GROUP BY customer_id, year(ordered_on) * 12 + month(ordered_on) - 1
),

neighbours AS (
    SELECT
        customer_id,
        month_number,
        days,
        lag(month_number) OVER (PARTITION BY customer_id ORDER BY month_number) AS earlier,
        lead(month_number) OVER (PARTITION BY customer_id ORDER BY month_number) AS later
    FROM customer_months
)

SELECT
    make_date(
        cast(floor(neighbours.month_number / 12.0) AS INTEGER), cast(neighbours.month_number % 12 AS INTEGER) + 1, 1
    ) AS month,
    customer_segments.segment,
    neighbours.later - neighbours.month_number AS gap_months,
    count(*) AS customers,
    count(*) - count(neighbours.earlier) AS first_seen,
    cast(sum(neighbours.days - 1) AS BIGINT) AS repeat_days
FROM neighbours
INNER JOIN customer_segments ON neighbours.customer_id = customer_segments.customer_id
GROUP BY neighbours.month_number, customer_segments.segment, neighbours.later - neighbours.month_number
ORDER BY month, segment NULLS FIRST, gap_months NULLS FIRST
