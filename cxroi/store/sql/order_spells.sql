-- order_spells: how long customers take to come back, month by month: enough to tell who joined and who was lost for any
-- window, and which window covers most gaps.
-- Grain       one row per (month, segment, gap_months)
-- Returns     month       DATE     first day of a month in which customers ordered
--             segment     VARCHAR  NULL where the data have none
--             gap_months  BIGINT   calendar months until their next month with an order; NULL where there is none yet
--             customers   BIGINT   who ordered in `month` and next so much later
--             first_seen  BIGINT   of those, whose first order it was
-- Notes       From the bits of customer_orders. With `later` the bits above bit n moved down to 0, the lowest set bit of it
--             is later & -later, and one less than that has as many bits as there are empty months in between.
WITH tens AS (
    SELECT n FROM (VALUES (0), (10), (20), (30), (40), (50)) AS t (n)
),

ones AS (
    SELECT n FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS o (n)
),

months AS (
    SELECT tens.n + ones.n AS n, cast(1 AS BIGINT) << (tens.n + ones.n) AS bit
    FROM tens
    CROSS JOIN ones
),

newest AS (
    SELECT max(year(ordered_on) * 12 + month(ordered_on)) AS month_number
    FROM orders
),

bits AS (
    SELECT
        customer_orders.earlier_months,
        customer_orders.later_months,
        customer_segments.segment
    FROM customer_orders
    INNER JOIN customer_segments ON customer_orders.customer_id = customer_segments.customer_id
),

customer_months AS (
    SELECT
        months.n + 60 AS number,
        bits.segment,
        bits.later_months >> (months.n + 1) AS later,
        cast(0 AS BIGINT) AS beyond,
        bits.earlier_months = 0 AND (bits.later_months & (months.bit - 1)) = 0 AS is_first
    FROM bits
    INNER JOIN months ON (bits.later_months & months.bit) <> 0
    UNION ALL
    SELECT
        months.n AS number,
        bits.segment,
        bits.earlier_months >> (months.n + 1) AS later,
        bits.later_months AS beyond,
        (bits.earlier_months & (months.bit - 1)) = 0 AS is_first
    FROM bits
    INNER JOIN months ON (bits.earlier_months & months.bit) <> 0
),

gaps AS (
    SELECT
        number,
        segment,
        is_first,
        CASE
            WHEN later <> 0 THEN bit_count((later & (-later)) - 1) + 1
            WHEN beyond <> 0 THEN bit_count((beyond & (-beyond)) - 1) + 60 - number
        END AS gap_months
    FROM customer_months
),

counted AS (
    SELECT
        number,
        segment,
        cast(gap_months AS BIGINT) AS gap_months,
        count(*) AS customers,
        count(CASE WHEN is_first THEN 1 END) AS first_seen
    FROM gaps
    GROUP BY number, segment, gap_months
)

SELECT
    make_date(
        cast(floor((newest.month_number - 120 + counted.number) / 12.0) AS INTEGER),
        cast((newest.month_number - 120 + counted.number) % 12 AS INTEGER) + 1,
        1
    ) AS month,
    counted.segment,
    counted.gap_months,
    counted.customers,
    counted.first_seen
FROM counted
CROSS JOIN newest
ORDER BY month, segment NULLS FIRST, gap_months NULLS FIRST
