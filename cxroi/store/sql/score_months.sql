-- score_months: NPS, CSAT and CES of each month with the number of answers.
-- Grain       one row per (month, segment, metric) with an answer
-- Returns     month    DATE     first day of the month of the answer
--             segment  VARCHAR  of the customer, else of the answer; NULL where neither says
--             metric   VARCHAR  nps, csat or ces
--             score    DOUBLE   nps: promoters (9-10) less detractors (0-6), -100..100; csat: share in the top two boxes
--                               (80 and more of 100), percent; ces: mean on its own scale
--             answers  BIGINT   unweighted
-- Notes       Weighted by `weight` where given. Reichheld (2003) for NPS. Scales longer than 10 have their top at 80 %.
WITH answers AS (
    SELECT
        cast(date_trunc('month', surveys.answered_on) AS DATE) AS month,
        coalesce(customer_segments.segment, nullif(trim(surveys.segment), '')) AS segment,
        surveys.metric,
        coalesce(surveys.weight, 1.0) AS weight,
        CASE
            WHEN surveys.metric = 'nps' AND surveys.score >= 9 THEN 100.0
            WHEN surveys.metric = 'nps' AND surveys.score <= 6 THEN -100.0
            WHEN surveys.metric = 'nps' THEN 0.0
            WHEN surveys.metric = 'ces' THEN surveys.score
            WHEN
                surveys.score >= CASE
                    WHEN coalesce(surveys.scale_max, 5) > 10 THEN 0.8 * surveys.scale_max
                    ELSE coalesce(surveys.scale_max, 5) - 1
                END THEN 100.0
            ELSE 0.0
        END AS value
    FROM surveys
    LEFT JOIN customer_segments ON surveys.customer_id = customer_segments.customer_id
    WHERE surveys.score IS NOT NULL AND surveys.answered_on IS NOT NULL
)

SELECT
    month,
    segment,
    metric,
    cast(sum(value * weight) AS DOUBLE) / nullif(sum(weight), 0) AS score,
    count(*) AS answers
FROM answers
WHERE metric IN ('nps', 'csat', 'ces')
GROUP BY month, segment, metric
ORDER BY month, segment NULLS FIRST, metric
