-- staff_months: how many people work in each team, how many left, how engaged they are, and what replacing those who left costs.
-- Grain       one row per (month, team)
-- Returns     month        DATE     first day
--             team         VARCHAR  NULL where not given
--             headcount    DOUBLE   NULL where not given or below 1
--             leavers      DOUBLE   NULL where not given or below 0
--             engagement   DOUBLE   NULL where not given
--             replacement  DOUBLE   money for one who left; NULL where not given
SELECT
    cast(date_trunc('month', month) AS DATE) AS month,
    nullif(trim(team), '') AS team,
    sum(CASE WHEN headcount >= 1 THEN headcount END) AS headcount,
    sum(CASE WHEN leavers >= 0 THEN leavers END) AS leavers,
    avg(engagement) AS engagement,
    cast(avg(replacement_cost) AS DOUBLE) AS replacement
FROM staff
WHERE month IS NOT NULL
GROUP BY date_trunc('month', month), nullif(trim(team), '')
ORDER BY month, team NULLS FIRST
