-- order_days: on how many days customers ordered, each customer's days counted for themselves.
-- Grain       one row
-- Returns     order_days  BIGINT
-- Notes       Orders of one customer on one day are one order day. Credit notes (amount below 0) are no orders. Looks back as
--             far as customer_orders does.
SELECT count(*) AS order_days
FROM (
    SELECT DISTINCT customer_id, ordered_on
    FROM orders
    WHERE
        amount >= 0
        AND year(ordered_on) * 12 + month(ordered_on)
        > (SELECT max(year(ordered_on) * 12 + month(ordered_on)) - 120 FROM orders)
) AS days
