-- customer_orders: in which of the last 120 months each customer ordered, as bits, and in which segment.
-- Grain       one row per customer_id with an order or a credit note
-- Returns     customer_id     VARCHAR
--             segment         VARCHAR  of the first day with one, the first by name within it; NULL where no order says
--             one_segment     BOOLEAN  every order says that same segment, or none does
--             earlier_months  BIGINT   bit n set: ordered in month n of the first 60
--             later_months    BIGINT   bit n set: ordered in month n of the last 60; the newest month of all orders is 59
-- Notes       Bits, because months next to each other are then found without sorting: 10 million orders become as many rows
--             as there are customers, in one pass. Credit notes (amount below 0) are no orders. Orders more than 120 months
--             before the newest one are not looked at.
--             The engine keeps the result, made when it is first asked for, under this name for the other queries.
WITH newest AS (
    SELECT max(year(ordered_on) * 12 + month(ordered_on)) AS month_number
    FROM orders
),

placed AS (
    SELECT
        orders.customer_id,
        orders.segment,
        year(orders.ordered_on) * 12 + month(orders.ordered_on) - newest.month_number + 119 AS number,
        orders.amount >= 0 AS is_order
    FROM orders
    CROSS JOIN newest
),

by_segment AS (
    SELECT
        customer_id,
        nullif(trim(segment), '') AS segment,
        bit_or(CASE WHEN is_order AND number BETWEEN 0 AND 59 THEN cast(1 AS BIGINT) << (number % 60) ELSE 0 END)
            AS earlier_months,
        bit_or(CASE WHEN is_order AND number >= 60 THEN cast(1 AS BIGINT) << (number % 60) ELSE 0 END) AS later_months
    FROM placed
    GROUP BY customer_id, segment
),

customers_with_orders AS (
    SELECT
        customer_id,
        min(segment) AS first_by_name,
        max(segment) AS last_by_name,
        count(segment) IN (0, count(*)) AS all_or_none,
        bit_or(earlier_months) AS earlier_months,
        bit_or(later_months) AS later_months
    FROM by_segment
    GROUP BY customer_id
),

moved AS (
    SELECT
        customer_id,
        substr(min(cast(ordered_on AS VARCHAR) || nullif(trim(segment), '')), 11) AS segment
    FROM orders
    WHERE customer_id IN (SELECT customer_id FROM customers_with_orders WHERE first_by_name <> last_by_name)
    GROUP BY customer_id
)

SELECT
    customers_with_orders.customer_id,
    coalesce(moved.segment, customers_with_orders.first_by_name) AS segment,
    customers_with_orders.all_or_none AND moved.customer_id IS NULL AS one_segment,
    customers_with_orders.earlier_months,
    customers_with_orders.later_months
FROM customers_with_orders
LEFT JOIN moved ON customers_with_orders.customer_id = moved.customer_id
