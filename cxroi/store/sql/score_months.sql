-- score_months: NPS, CSAT and CES of each month with the number of answers.
-- Grain       one row per (month, segment, metric) with an answer
-- Parameters  $promoter          DOUBLE   lowest answer of a promoter (nps)
--             $detractor         DOUBLE   highest answer of a detractor (nps)
--             $top_boxes         DOUBLE   so many of the highest answers are satisfied (csat)
--             $longest_in_boxes  DOUBLE   highest answer of a scale that is counted so
--             $top_share         DOUBLE   of a longer scale, from where answers are satisfied
-- Returns     month    DATE     first day of the month of the answer
--             segment  VARCHAR  of the customer, else of the answer; NULL where neither says
--             metric   VARCHAR  nps, csat or ces
--             score    DOUBLE   nps: promoters less detractors, -100..100; csat: share of satisfied answers, percent;
--                               ces: mean on its own scale
--             answers  BIGINT   unweighted
-- Notes       Weighted by `weight` where given. The rules: cxroi.model.satisfaction.scales.
WITH answers AS (
    SELECT
        cast(date_trunc('month', surveys.answered_on) AS DATE) AS month,
        coalesce(customer_segments.segment, nullif(trim(surveys.segment), '')) AS segment,
        surveys.metric,
        coalesce(surveys.weight, 1.0) AS weight,
        CASE
            WHEN surveys.metric = 'nps' AND surveys.score >= cast($promoter AS DOUBLE) THEN 100.0
            WHEN surveys.metric = 'nps' AND surveys.score <= cast($detractor AS DOUBLE) THEN -100.0
            WHEN surveys.metric = 'nps' THEN 0.0
            WHEN surveys.metric = 'ces' THEN surveys.score
            WHEN
                surveys.score >= CASE
                    WHEN coalesce(surveys.scale_max, 5) > cast($longest_in_boxes AS DOUBLE) THEN cast($top_share AS DOUBLE) * surveys.scale_max
                    ELSE coalesce(surveys.scale_max, 5) - (cast($top_boxes AS DOUBLE) - 1)
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
