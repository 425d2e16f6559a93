-- acquisition_costs: what winning customers cost, as the customers table says of each.
-- Grain       one row per (month, segment) in which anybody joined whose cost is known
-- Returns     month          DATE     first day of the month of joining
--             segment        VARCHAR  NULL where the customers have none
--             customers      BIGINT   who joined and whose cost is known
--             amount         DOUBLE   money
--             amount_amount  DOUBLE   sum of squares
SELECT
    cast(date_trunc('month', joined_on) AS DATE) AS month,
    nullif(trim(segment), '') AS segment,
    count(*) AS customers,
    sum(cast(acquisition_cost AS DOUBLE)) AS amount,
    sum(cast(acquisition_cost AS DOUBLE) * cast(acquisition_cost AS DOUBLE)) AS amount_amount
FROM customers
WHERE joined_on IS NOT NULL AND acquisition_cost IS NOT NULL
GROUP BY cast(date_trunc('month', joined_on) AS DATE), nullif(trim(segment), '')
ORDER BY month, segment NULLS FIRST
