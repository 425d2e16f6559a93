-- customer_segments: the one segment each customer belongs to, from the customers table, else from the first order.
-- Grain       one row per customer_id
-- Returns     customer_id  VARCHAR
--             segment      VARCHAR  NULL where no table says
-- Notes       A customer stays in one segment, so that the panel adds up. Of several segments in a customer's orders the
--             one of the first day wins, the first by name within that day: least(day followed by segment).
--             The engine keeps the result, made when it is first asked for, under this name for the other queries.
WITH registered AS (
    SELECT customer_id, min(nullif(trim(segment), '')) AS segment
    FROM customers
    GROUP BY customer_id
),

ordering AS (
    SELECT
        customer_id,
        substr(min(cast(ordered_on AS VARCHAR) || nullif(trim(segment), '')), 11) AS segment
    FROM orders
    GROUP BY customer_id
)

SELECT
    coalesce(registered.customer_id, ordering.customer_id) AS customer_id,
    coalesce(registered.segment, ordering.segment) AS segment
FROM registered
FULL OUTER JOIN ordering ON registered.customer_id = ordering.customer_id
