-- order_days: on how many days customers ordered, each customer's days counted for themselves.
-- Grain       one row
-- Parameters  $first_on   DATE    days before it are not looked at
-- Returns     order_days  BIGINT
-- Notes       Orders of one customer on one day are one order day. Credit notes (amount below 0) are no orders.
SELECT count(*) AS order_days
FROM (
    SELECT DISTINCT customer_id, ordered_on
    FROM orders
    WHERE amount >= 0 AND ordered_on >= cast($first_on AS DATE)
) AS days
