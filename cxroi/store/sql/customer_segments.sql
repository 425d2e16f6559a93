-- customer_segments: the one segment each customer belongs to, from the customers table, else from the orders.
-- Grain       one row per customer_id
-- Returns     customer_id  VARCHAR
--             segment      VARCHAR  NULL where no table says
--             as_ordered   BOOLEAN  all orders of the customer, if any, say this segment themselves
-- Notes       A customer stays in one segment, so that the panel adds up.
--             The engine keeps the result, made when it is first asked for, under this name for the other queries.
WITH registered AS (
    SELECT customer_id, min(nullif(trim(segment), '')) AS segment
    FROM customers
    GROUP BY customer_id
)

SELECT
    coalesce(registered.customer_id, customer_orders.customer_id) AS customer_id,
    coalesce(registered.segment, customer_orders.segment) AS segment,
    customer_orders.customer_id IS NULL
    OR (customer_orders.one_segment AND coalesce(registered.segment = customer_orders.segment, registered.segment IS NULL))
        AS as_ordered
FROM registered
FULL OUTER JOIN customer_orders ON registered.customer_id = customer_orders.customer_id
