-- customers_ordering: who ordered in a span of days, counted directly, to hold the panel's running count against.
-- Grain       one row
-- Parameters  $first_on   DATE
--             $before_on  DATE    the first day after the span
-- Returns     customers   BIGINT
SELECT count(DISTINCT customer_id) AS customers
FROM orders
WHERE amount >= 0 AND ordered_on >= cast($first_on AS DATE) AND ordered_on < cast($before_on AS DATE)
