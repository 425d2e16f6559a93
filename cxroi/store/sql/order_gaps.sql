-- order_gaps: how many months lie between one order day of a customer and the next.
-- Grain       one row per length of gap
-- Returns     gap_months  BIGINT  calendar months from one order day to the next, 0 within a month
--             gaps        BIGINT  how many
-- Notes       Orders of one customer on one day are one order day. Credit notes (amount below 0) are no orders.
WITH order_days AS (
    SELECT DISTINCT customer_id, ordered_on
    FROM orders
    WHERE amount >= 0
),

customer_months AS (
    SELECT
        customer_id,
        year(ordered_on) * 12 + month(ordered_on) AS month_number,
        count(*) AS days
    FROM order_days
    GROUP BY customer_id, year(ordered_on) * 12 + month(ordered_on)
),

between_months AS (
    SELECT
        days,
        month_number - lag(month_number) OVER (PARTITION BY customer_id ORDER BY month_number) AS gap_months
    FROM customer_months
),

counted AS (
    SELECT cast(0 AS BIGINT) AS gap_months, sum(days - 1) AS gaps
    FROM between_months
    UNION ALL
    SELECT gap_months, count(*) AS gaps
    FROM between_months
    WHERE gap_months IS NOT NULL
    GROUP BY gap_months
)

SELECT gap_months, cast(gaps AS BIGINT) AS gaps
FROM counted
WHERE gaps > 0
ORDER BY gap_months
