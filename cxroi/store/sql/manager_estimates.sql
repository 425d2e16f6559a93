-- manager_estimates: what managers think that scores are, of each who estimated the newest estimate.
-- Grain       one row per (metric, touchpoint) with an estimate
-- Parameters  $last_on    DATE     estimates of later months are left out; NULL for none
-- Returns     metric      VARCHAR  nps, csat or ces
--             touchpoint  VARCHAR  as it is written
--             estimate    DOUBLE   mean: NPS from -100 to 100, the others in percent
--             low         DOUBLE   the lowest of them
--             high        DOUBLE   and the highest
--             estimates   BIGINT   how many
-- Notes       Whoever is not named counts as one, whose estimates of the newest month all count.
WITH placed AS (
    SELECT
        metric,
        trim(touchpoint) AS touchpoint,
        estimate,
        rank() OVER (PARTITION BY metric, lower(trim(touchpoint)), coalesce(lower(trim(who)), '') ORDER BY month DESC NULLS LAST) AS place
    FROM estimates
    WHERE
        nullif(trim(touchpoint), '') IS NOT NULL
        AND metric IS NOT NULL
        AND estimate IS NOT NULL
        AND coalesce(month <= cast($last_on AS DATE), true)
)

SELECT
    metric,
    min(touchpoint) AS touchpoint,
    avg(estimate) AS estimate,
    min(estimate) AS low,
    max(estimate) AS high,
    count(*) AS estimates
FROM placed
WHERE place = 1
GROUP BY metric, lower(touchpoint)
ORDER BY metric, touchpoint
