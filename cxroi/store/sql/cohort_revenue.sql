-- cohort_revenue: what customers brought period by period since their first order, and how much of it the first period had brought.
-- Grain       one row per (segment, cohort, period) with an order, a credit note or a refund
-- Parameters  $as_of          DATE    the last day observed
--             $period_months  BIGINT  calendar months of a period
-- Returns     segment         VARCHAR  NULL where the data have none
--             cohort          DATE     first day of the month of the first order
--             period          BIGINT   0 holds the first order
--             customers       BIGINT   who ordered in the period
--             revenue         DOUBLE   money: amount less refund, below 0 counted as 0
--             kept            DOUBLE   money: of it no more than the same customer brought in period 0
--             first_first     DOUBLE   of the customers of this row, the sum of squares of what period 0 brought
--             first_revenue   DOUBLE   the same of its product with `revenue`
--             first_kept      DOUBLE   and with `kept`
--             revenue_revenue DOUBLE   and of the squares of `revenue`
--             kept_kept       DOUBLE   and of `kept`
-- Notes       Customers who are known to have joined before the month in which the orders begin are left out: their first order is
--             not in the data. Sums of squares are for intervals.
WITH begin AS (
    SELECT cast(date_trunc('month', min(ordered_on)) AS DATE) AS on_day FROM orders
),

older AS (
    SELECT customer_id FROM dated_customers WHERE joined_on < (SELECT on_day FROM begin)
),

firsts AS (
    SELECT orders.customer_id, min(orders.ordered_on) AS first_on
    FROM orders
    LEFT JOIN older ON orders.customer_id = older.customer_id
    WHERE orders.amount >= 0 AND orders.ordered_on <= cast($as_of AS DATE) AND older.customer_id IS NULL
    GROUP BY orders.customer_id
),

spent AS (
    SELECT
        orders.customer_id,
        cast(date_trunc('month', firsts.first_on) AS DATE) AS cohort,
        cast(
            floor(
                ((year(orders.ordered_on) - year(firsts.first_on)) * 12 + month(orders.ordered_on) - month(firsts.first_on))
                / cast($period_months AS DOUBLE)
            ) AS BIGINT
        ) AS period,
        bool_or(orders.amount >= 0) AS has_ordered,
        cast(greatest(sum(orders.amount - coalesce(orders.refund, 0)), 0) AS DOUBLE) AS revenue
    FROM orders
    INNER JOIN firsts ON orders.customer_id = firsts.customer_id
    WHERE orders.ordered_on >= firsts.first_on AND orders.ordered_on <= cast($as_of AS DATE)
    GROUP BY orders.customer_id, cohort, period
),

beside AS (
    SELECT
        spent.*,
        base.revenue AS first,
        least(spent.revenue, base.revenue) AS kept
    FROM spent
    INNER JOIN spent AS base ON spent.customer_id = base.customer_id AND base.period = 0
)

SELECT
    customer_segments.segment,
    beside.cohort,
    beside.period,
    count(CASE WHEN beside.has_ordered THEN 1 END) AS customers,
    sum(beside.revenue) AS revenue,
    sum(beside.kept) AS kept,
    sum(beside.first * beside.first) AS first_first,
    sum(beside.first * beside.revenue) AS first_revenue,
    sum(beside.first * beside.kept) AS first_kept,
    sum(beside.revenue * beside.revenue) AS revenue_revenue,
    sum(beside.kept * beside.kept) AS kept_kept
FROM beside
INNER JOIN customer_segments ON beside.customer_id = customer_segments.customer_id
GROUP BY customer_segments.segment, beside.cohort, beside.period
ORDER BY segment NULLS FIRST, cohort, period
