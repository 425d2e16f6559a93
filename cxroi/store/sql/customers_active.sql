-- customers_active: who was active on one day, counted directly, to hold the panel's running count against.
-- Grain       one row
-- Parameters  $day       DATE    the first of a month
-- Returns     customers  BIGINT  joined before the day and not left before it
SELECT count(*) AS customers
FROM dated_customers
WHERE joined_on < cast($day AS DATE) AND (left_on IS NULL OR left_on >= cast($day AS DATE))
