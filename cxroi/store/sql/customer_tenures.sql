-- customer_tenures: how long customers have been with the company, by the month they joined, and whether they left.
-- Grain       one row per (segment, cohort, age_months, tenure_months, has_left)
-- Parameters  $as_of         DATE     the day the customers were listed; later leaving dates have not happened yet
-- Returns     segment        VARCHAR  NULL where the customers have none
--             cohort         DATE     first day of the month of joining
--             age_months     BIGINT   whole months from joining to $as_of
--             tenure_months  BIGINT   whole months from joining to leaving, or to $as_of
--             has_left       BOOLEAN  false: still active at $as_of
--             customers      BIGINT
--             revenue        DECIMAL(38,3)  money per month, 0 where the customers table does not say
--             revenue_revenue  DOUBLE       sum of its squares, for intervals
-- Notes       Contractual data. Enough for cohorts, the life table by tenure and every survival model of it.
WITH spans AS (
    SELECT
        segment,
        monthly_revenue,
        joined_on,
        cast($as_of AS DATE) AS listed_on,
        coalesce(left_on <= cast($as_of AS DATE), false) AS has_left,
        CASE WHEN left_on <= cast($as_of AS DATE) THEN left_on ELSE cast($as_of AS DATE) END AS ends_on
    FROM dated_customers
    WHERE joined_on <= cast($as_of AS DATE)
),

tenures AS (
    SELECT
        segment,
        cast(date_trunc('month', joined_on) AS DATE) AS cohort,
        monthly_revenue,
        has_left,
        (year(listed_on) - year(joined_on)) * 12 + month(listed_on) - month(joined_on)
        - CASE WHEN day(listed_on) < day(joined_on) THEN 1 ELSE 0 END AS age_months,
        (year(ends_on) - year(joined_on)) * 12 + month(ends_on) - month(joined_on)
        - CASE WHEN day(ends_on) < day(joined_on) THEN 1 ELSE 0 END AS tenure_months
    FROM spans
)

SELECT
    segment,
    cohort,
    cast(age_months AS BIGINT) AS age_months,
    cast(tenure_months AS BIGINT) AS tenure_months,
    has_left,
    count(*) AS customers,
    cast(sum(monthly_revenue) AS DECIMAL(38, 3)) AS revenue,
    sum(cast(monthly_revenue AS DOUBLE) * cast(monthly_revenue AS DOUBLE)) AS revenue_revenue
FROM tenures
GROUP BY segment, cohort, cast(age_months AS BIGINT), cast(tenure_months AS BIGINT), has_left
ORDER BY segment NULLS FIRST, cohort, age_months, tenure_months, has_left
