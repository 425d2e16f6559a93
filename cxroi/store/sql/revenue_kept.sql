-- revenue_kept: what the customers of one span of days brought in it, and what the same customers brought in a later one.
-- Grain       one row per segment with anybody who brought something in the first span
-- Parameters  $first_on         DATE    the first span, both days counted
--             $last_on          DATE
--             $later_first_on   DATE    the later span, both days counted
--             $later_last_on    DATE
-- Returns     segment         VARCHAR  NULL where the data have none
--             customers       BIGINT   who brought something in the first span
--             still           BIGINT   of those, who brought something in the later one
--             first           DOUBLE   money: what they brought in the first span
--             revenue         DOUBLE   money: what they brought in the later one
--             kept            DOUBLE   money: of it no more than the same customer brought in the first
--             first_first     DOUBLE   sum of squares of `first`
--             first_revenue   DOUBLE   of its product with `revenue`
--             first_kept      DOUBLE   and with `kept`
--             revenue_revenue DOUBLE   of the squares of `revenue`
--             kept_kept       DOUBLE   and of `kept`
-- Notes       Amount less refund of orders and credit notes; below 0 counts as 0. Where there are no orders: the monthly revenue of
--             customers active on the last day of each span, which cannot grow.
WITH brought AS (
    SELECT
        customer_id,
        sum(CASE WHEN ordered_on <= cast($last_on AS DATE) THEN amount - coalesce(refund, 0) ELSE 0 END) AS first,
        sum(CASE WHEN ordered_on >= cast($later_first_on AS DATE) THEN amount - coalesce(refund, 0) ELSE 0 END) AS revenue
    FROM orders
    WHERE
        customer_id IS NOT NULL
        AND (
            ordered_on BETWEEN cast($first_on AS DATE) AND cast($last_on AS DATE)
            OR ordered_on BETWEEN cast($later_first_on AS DATE) AND cast($later_last_on AS DATE)
        )
    GROUP BY customer_id
    UNION ALL
    SELECT
        customer_id,
        monthly_revenue AS first,
        CASE WHEN coalesce(left_on > cast($later_last_on AS DATE), true) THEN monthly_revenue ELSE 0 END AS revenue
    FROM dated_customers
    WHERE
        NOT EXISTS (SELECT 1 FROM orders)
        AND joined_on <= cast($last_on AS DATE)
        AND coalesce(left_on > cast($last_on AS DATE), true)
),

counted AS (
    SELECT
        customer_id,
        cast(first AS DOUBLE) AS first,
        cast(greatest(revenue, 0) AS DOUBLE) AS revenue,
        cast(least(greatest(revenue, 0), first) AS DOUBLE) AS kept
    FROM brought
    WHERE first > 0
)

SELECT
    customer_segments.segment,
    count(*) AS customers,
    count(CASE WHEN counted.revenue > 0 THEN 1 END) AS still,
    sum(counted.first) AS first,
    sum(counted.revenue) AS revenue,
    sum(counted.kept) AS kept,
    sum(counted.first * counted.first) AS first_first,
    sum(counted.first * counted.revenue) AS first_revenue,
    sum(counted.first * counted.kept) AS first_kept,
    sum(counted.revenue * counted.revenue) AS revenue_revenue,
    sum(counted.kept * counted.kept) AS kept_kept
FROM counted
INNER JOIN customer_segments ON counted.customer_id = customer_segments.customer_id
GROUP BY customer_segments.segment
ORDER BY segment NULLS FIRST
