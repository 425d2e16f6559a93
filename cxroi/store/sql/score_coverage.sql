-- score_coverage: how many customers, and how much of their revenue, any survey heard.
-- Grain       one row
-- Parameters  $first_on      DATE     first day looked at; NULL: as far as the data go
--             $last_on       DATE     and the last
--             $segment       VARCHAR  only customers of this segment; NULL for all
--             $touchpoint    VARCHAR  heard about this touchpoint; NULL for any
--             $channel       VARCHAR  and by this channel
-- Returns     customers      BIGINT  known to the customers or the orders table, and with the company on one of these days
--             heard          BIGINT  of those, with at least one answer
--             revenue        DOUBLE  money: their orders, or monthly revenue where there are no orders
--             revenue_heard  DOUBLE  money, of those who were heard
-- Notes       Who is known by orders only is with the company from the first of them on.
WITH earned AS (
    SELECT
        customer_id,
        min(ordered_on) AS first_on,
        cast(sum(CASE
            WHEN
                ordered_on >= coalesce(cast($first_on AS DATE), ordered_on)
                AND ordered_on <= coalesce(cast($last_on AS DATE), ordered_on) THEN amount
        END) AS DOUBLE) AS revenue
    FROM orders
    GROUP BY customer_id
),

known AS (
    SELECT
        customer_id,
        max(cast(monthly_revenue AS DOUBLE)) AS monthly_revenue,
        min(joined_on) AS joined_on,
        max(left_on) AS left_on
    FROM (
        SELECT customer_id, monthly_revenue, joined_on, left_on FROM customers
        UNION ALL
        SELECT customer_id, NULL AS monthly_revenue, first_on AS joined_on, NULL AS left_on FROM earned
    ) AS everyone
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
),

answered AS (
    SELECT DISTINCT customer_id
    FROM scored_answers
    WHERE
        answered_on >= coalesce(cast($first_on AS DATE), answered_on)
        AND answered_on <= coalesce(cast($last_on AS DATE), answered_on)
        AND (cast($touchpoint AS VARCHAR) IS NULL OR touchpoint = cast($touchpoint AS VARCHAR))
        AND (cast($channel AS VARCHAR) IS NULL OR channel = cast($channel AS VARCHAR))
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
    LEFT JOIN customer_segments ON known.customer_id = customer_segments.customer_id
    WHERE
        (cast($segment AS VARCHAR) IS NULL OR customer_segments.segment = cast($segment AS VARCHAR))
        AND (cast($last_on AS DATE) IS NULL OR known.joined_on IS NULL OR known.joined_on <= cast($last_on AS DATE))
        AND (cast($first_on AS DATE) IS NULL OR known.left_on IS NULL OR known.left_on >= cast($first_on AS DATE))
)

SELECT
    count(*) AS customers,
    cast(coalesce(sum(is_heard), 0) AS BIGINT) AS heard,
    cast(coalesce(sum(revenue), 0) AS DOUBLE) AS revenue,
    cast(coalesce(sum(revenue * is_heard), 0) AS DOUBLE) AS revenue_heard
FROM valued
