-- customer_events: who joined and who left in each month, with the monthly revenue that came and went with them.
-- Grain       one row per (month, segment) in which anybody joined or left
-- Returns     month           DATE           first day
--             segment         VARCHAR        NULL where the customers have none
--             joined          BIGINT         customers
--             lost            BIGINT         customers
--             revenue_joined  DECIMAL(38,3)  money per month, of those who joined
--             revenue_lost    DECIMAL(38,3)  money per month, of those who left
-- Notes       Contractual data: a customer is active from joined_on until left_on.
WITH events AS (
    SELECT cast(date_trunc('month', joined_on) AS DATE) AS month, segment, 1 AS joined, 0 AS lost, monthly_revenue
    FROM dated_customers
    UNION ALL
    SELECT cast(date_trunc('month', left_on) AS DATE) AS month, segment, 0 AS joined, 1 AS lost, monthly_revenue
    FROM dated_customers
    WHERE left_on IS NOT NULL
)

SELECT
    month,
    segment,
    cast(sum(joined) AS BIGINT) AS joined,
    cast(sum(lost) AS BIGINT) AS lost,
    cast(sum(monthly_revenue * joined) AS DECIMAL(38, 3)) AS revenue_joined,
    cast(sum(monthly_revenue * lost) AS DECIMAL(38, 3)) AS revenue_lost
FROM events
GROUP BY month, segment
ORDER BY month, segment NULLS FIRST
