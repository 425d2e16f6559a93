-- daily_orders: days on which customers ordered, an order day for short.
-- Grain       one row per (customer_id, ordered_on)
-- Returns     customer_id  VARCHAR
--             ordered_on   DATE
--             amount       DOUBLE  money: all orders of the day, refunds taken off
-- Notes       Credit notes (amount below 0) are no orders. Other queries read from it.
SELECT
    customer_id,
    ordered_on,
    cast(sum(amount - coalesce(refund, 0)) AS DOUBLE) AS amount
FROM orders
WHERE amount >= 0 AND customer_id IS NOT NULL
GROUP BY customer_id, ordered_on
