-- pilot_pool: the customers that a pilot may draw from: active on one day, with what they are told apart by.
-- Grain       one row per customer
-- Parameters  $as_of           DATE     the day
--             $window_months   BIGINT   orders decide: active is who ordered in so many months before; NULL: contracts decide
-- Returns     customer_id      VARCHAR
--             segment          VARCHAR  NULL where no table says
--             region           VARCHAR  NULL where no table says
--             months           BIGINT   whole months since joining, or since the first order
--             monthly_revenue  DOUBLE   money a month: as the contract says, or of the orders of the last 12 months
-- Notes       Credit notes (amount below 0) are no orders. Names are handed out for the groups of a pilot, to whoever may read the data.
WITH regions AS (
    SELECT
        customer_id,
        min(nullif(trim(region), '')) AS region
    FROM customers
    GROUP BY customer_id
),

contracts AS (
    SELECT
        customer_id,
        date_diff('month', joined_on, cast($as_of AS DATE))
        - CASE WHEN day(cast($as_of AS DATE)) < day(joined_on) THEN 1 ELSE 0 END AS months,
        cast(monthly_revenue AS DOUBLE) AS monthly_revenue
    FROM dated_customers
    WHERE
        cast($window_months AS BIGINT) IS NULL
        AND joined_on <= cast($as_of AS DATE)
        AND (left_on IS NULL OR left_on > cast($as_of AS DATE))
),

ordering AS (
    SELECT
        customer_id,
        date_diff('month', min(ordered_on), cast($as_of AS DATE))
        - CASE WHEN day(cast($as_of AS DATE)) < day(min(ordered_on)) THEN 1 ELSE 0 END AS months,
        cast(
            sum(CASE WHEN ordered_on > cast($as_of AS DATE) - INTERVAL 12 MONTH THEN amount ELSE 0 END) AS DOUBLE
        ) / 12 AS monthly_revenue
    FROM orders
    WHERE cast($window_months AS BIGINT) IS NOT NULL AND amount >= 0 AND ordered_on <= cast($as_of AS DATE)
    GROUP BY customer_id
    HAVING max(ordered_on) > cast($as_of AS DATE) - to_months(cast(cast($window_months AS BIGINT) AS INTEGER))
),

active AS (
    SELECT * FROM contracts
    UNION ALL
    SELECT * FROM ordering
)

SELECT
    active.customer_id,
    customer_segments.segment,
    regions.region,
    cast(active.months AS BIGINT) AS months,
    active.monthly_revenue
FROM active
LEFT JOIN customer_segments ON active.customer_id = customer_segments.customer_id
LEFT JOIN regions ON active.customer_id = regions.customer_id
ORDER BY active.customer_id
