-- pilot_rows: pilots as they were uploaded.
-- Grain       one row per row of `pilots`: a customer, or a group and month
-- Returns     segment      VARCHAR        "" for a pilot over the whole company
--             group        VARCHAR        treated or control
--             period       DATE           first day of the month
--             customers    BIGINT         in the group; NULL in a row a customer
--             customer_id  VARCHAR        NULL in a row a group
--             retained     DOUBLE         customers who stayed
--             spend        DECIMAL(18,3)  money, on the row's customers in the month
--             covariate    DOUBLE         measured before the pilot
--             margin       DECIMAL(18,3)  money, contribution margin of the row's customers in the month; NULL where not given
--             support_cost DECIMAL(18,3)  money, the same; NULL where not given
--             joined       DOUBLE         customers who joined because of them; NULL where not given
--             randomised   BOOLEAN        false where not given
--             starts_on    DATE           the extra spend began: as the row says, else as the initiative it names; NULL if neither
--             initiative   VARCHAR        what was tried, NULL where not named
WITH begun AS (
    SELECT lower(trim(name)) AS name, min(starts_on) AS starts_on
    FROM initiatives
    GROUP BY lower(trim(name))
)

SELECT
    coalesce(trim(pilots.segment), '') AS segment,
    pilots."group",
    cast(date_trunc('month', pilots.period) AS DATE) AS period,
    pilots.customers,
    nullif(trim(pilots.customer_id), '') AS customer_id,
    pilots.retained,
    pilots.spend,
    pilots.covariate,
    pilots.margin,
    pilots.support_cost,
    pilots.joined,
    coalesce(pilots.randomised, false) AS randomised,
    coalesce(pilots.starts_on, begun.starts_on) AS starts_on,
    nullif(trim(pilots.initiative), '') AS initiative
FROM pilots
LEFT JOIN begun ON lower(trim(pilots.initiative)) = begun.name
ORDER BY segment, period, pilots."group", customer_id
