-- monthly_panel: the panel that a company brought itself, as it is.
-- Grain       one row per row of `monthly`, one per (month, segment) in sound data
-- Returns     month                DATE           first day
--             segment              VARCHAR        "all" where not given
--             customers_at_start   BIGINT         customers
--             customers_joined     BIGINT         customers
--             customers_lost       BIGINT         customers
--             revenue              DECIMAL(18,3)  money
--             contribution_margin  DECIMAL(18,3)  money
--             support_contacts     BIGINT         contacts
--             support_cost         DECIMAL(18,3)  money
--             cx_spend             DECIMAL(18,3)  money
--             acquisition_spend    DECIMAL(18,3)  money, on winning customers; NULL where not given
--             nps                  DOUBLE         -100..100
--             nps_n                BIGINT         answers
--             csat                 DOUBLE         as given
--             csat_n               BIGINT         answers
--             ces                  DOUBLE         as given
--             ces_n                BIGINT         answers
--             currency             VARCHAR        NULL where not given
SELECT
    cast(date_trunc('month', month) AS DATE) AS month,
    coalesce(nullif(trim(segment), ''), 'all') AS segment,
    customers_at_start,
    customers_joined,
    customers_lost,
    revenue,
    contribution_margin,
    support_contacts,
    support_cost,
    cx_spend,
    acquisition_spend,
    nps,
    nps_n,
    csat,
    csat_n,
    ces,
    ces_n,
    nullif(upper(trim(currency)), '') AS currency
FROM monthly
ORDER BY month, segment, customers_at_start
