-- score_coverage: how many customers, and how much of their revenue, any survey heard.
-- Grain       one row
-- Returns     customers      BIGINT  known to the customers or the orders table
--             heard          BIGINT  of those, with at least one answer
--             revenue        DOUBLE  money: their orders, or monthly revenue where there are no orders
--             revenue_heard  DOUBLE  money, of those who were heard
WITH earned AS (
    SELECT customer_id, cast(sum(amount) AS DOUBLE) AS revenue FROM orders GROUP BY customer_id
),

known AS (
    SELECT customer_id, max(cast(monthly_revenue AS DOUBLE)) AS monthly_revenue
    FROM (
        SELECT customer_id, monthly_revenue FROM customers
        UNION ALL
        SELECT customer_id, NULL AS monthly_revenue FROM earned
    ) AS everyone
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
),

answered AS (
    SELECT DISTINCT customer_id FROM surveys WHERE score IS NOT NULL
),

valued AS (
    SELECT
        CASE WHEN answered.customer_id IS NULL THEN 0 ELSE 1 END AS is_heard,
        CASE
            WHEN (SELECT count(*) FROM earned) > 0 THEN coalesce(earned.revenue, 0)
            ELSE coalesce(known.monthly_revenue, 0)
        END AS revenue
    FROM known
    LEFT JOIN earned ON known.customer_id = earned.customer_id
    LEFT JOIN answered ON known.customer_id = answered.customer_id
)

SELECT
    count(*) AS customers,
    cast(coalesce(sum(is_heard), 0) AS BIGINT) AS heard,
    cast(coalesce(sum(revenue), 0) AS DOUBLE) AS revenue,
    cast(coalesce(sum(revenue * is_heard), 0) AS DOUBLE) AS revenue_heard
FROM valued
