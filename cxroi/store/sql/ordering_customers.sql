-- ordering_customers: how many orders customers placed in some days and what these brought, with sums of squares for intervals.
-- Grain       one row per segment with an order
-- Parameters  $first_on        DATE  both days counted
--             $last_on         DATE
-- Returns     segment          VARCHAR  NULL where the data have none
--             customers        BIGINT   who ordered
--             orders           BIGINT   order numbers, or rows where they have none; credit notes are not counted
--             revenue          DOUBLE   money: amount less refund of these orders
--             orders_orders    DOUBLE   sum over customers of squares of their orders
--             orders_revenue   DOUBLE   of their products with what these brought
--             revenue_revenue  DOUBLE   and of squares of what they brought
--             discounted       BIGINT   rows of orders with a discount
--             gross            DOUBLE   money: what these orders would have brought before discounts and refunds
--             orders_gross     DOUBLE   sums of products and of squares, as above
--             gross_gross      DOUBLE
--             discount         DOUBLE   money: discounts on these orders
--             gross_discount   DOUBLE
--             discount_discount  DOUBLE
-- Notes       A discount is taken to be in the amount already, whatever the sign it is written with; an order that names none had none.
WITH by_customer AS (
    SELECT
        customer_id,
        count(DISTINCT order_id) + count(CASE WHEN order_id IS NULL THEN 1 END) AS orders,
        cast(sum(amount - coalesce(refund, 0)) AS DOUBLE) AS revenue,
        count(CASE WHEN discount <> 0 THEN 1 END) AS discounted,
        cast(sum(amount + abs(coalesce(discount, 0))) AS DOUBLE) AS gross,
        cast(sum(abs(coalesce(discount, 0))) AS DOUBLE) AS discount
    FROM orders
    WHERE
        amount >= 0
        AND customer_id IS NOT NULL
        AND ordered_on BETWEEN cast($first_on AS DATE) AND cast($last_on AS DATE)
    GROUP BY customer_id
)

SELECT
    customer_segments.segment,
    count(*) AS customers,
    cast(sum(by_customer.orders) AS BIGINT) AS orders,
    sum(by_customer.revenue) AS revenue,
    cast(sum(by_customer.orders * by_customer.orders) AS DOUBLE) AS orders_orders,
    sum(by_customer.orders * by_customer.revenue) AS orders_revenue,
    sum(by_customer.revenue * by_customer.revenue) AS revenue_revenue,
    cast(sum(by_customer.discounted) AS BIGINT) AS discounted,
    sum(by_customer.gross) AS gross,
    sum(by_customer.orders * by_customer.gross) AS orders_gross,
    sum(by_customer.gross * by_customer.gross) AS gross_gross,
    sum(by_customer.discount) AS discount,
    sum(by_customer.gross * by_customer.discount) AS gross_discount,
    sum(by_customer.discount * by_customer.discount) AS discount_discount
FROM by_customer
INNER JOIN customer_segments ON by_customer.customer_id = customer_segments.customer_id
GROUP BY customer_segments.segment
ORDER BY segment NULLS FIRST
