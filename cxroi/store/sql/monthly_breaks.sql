-- monthly_breaks: months of an uploaded panel that do not add up to the next.
-- Grain       one row per (month, segment) whose next month starts with another number than this one ends with
-- Returns     month       DATE     first day
--             segment     VARCHAR
--             difference  BIGINT   customers at the start of the next month less (at start + joined - lost)
WITH ordered AS (
    SELECT
        cast(date_trunc('month', month) AS DATE) AS month,
        coalesce(nullif(trim(segment), ''), 'all') AS segment,
        customers_at_start + customers_joined - customers_lost AS at_end,
        lead(customers_at_start) OVER (
            PARTITION BY coalesce(nullif(trim(segment), ''), 'all') ORDER BY cast(date_trunc('month', month) AS DATE)
        ) AS next_at_start
    FROM monthly
)

SELECT month, segment, next_at_start - at_end AS difference
FROM ordered
WHERE next_at_start <> at_end
ORDER BY month, segment
