-- score_groups: survey answers added up by what they were about, enough for a score with its interval.
-- Grain       one row per (metric, dimension, value) with an answer
-- Parameters  $promoter          DOUBLE   lowest answer of a promoter (nps)
--             $detractor         DOUBLE   highest answer of a detractor (nps)
--             $top_boxes         DOUBLE   so many of the highest answers are satisfied (csat)
--             $longest_in_boxes  DOUBLE   highest answer of a scale that is counted so
--             $top_share         DOUBLE   of a longer scale, from where answers are satisfied
--             $easy_of_five      DOUBLE   lowest easy answer of 1 to 5 (ces)
--             $easy_of_seven     DOUBLE   and of a longer scale
-- Returns     metric          VARCHAR  nps, csat or ces
--             dimension       VARCHAR  all, segment, touchpoint, channel, journey_stage or month
--             value           VARCHAR  of that dimension; '' for all, YYYY-MM for a month
--             answers         BIGINT   unweighted
--             weight          DOUBLE   sum of weights, 1 where none was given
--             weight_squared  DOUBLE   sum of squared weights, for Kish's effective n
--             low             DOUBLE   weight of detractors (nps); 0 for csat and ces
--             high            DOUBLE   weight of promoters (nps), of satisfied answers (csat), of easy ones (ces)
-- Notes       Segment of the customer, else of the answer. Answers without the dimension are left out of it.
WITH answers AS (
    SELECT
        surveys.metric,
        substr(cast(surveys.answered_on AS VARCHAR), 1, 7) AS month,
        coalesce(customer_segments.segment, nullif(trim(surveys.segment), '')) AS segment,
        nullif(trim(surveys.touchpoint), '') AS touchpoint,
        nullif(trim(surveys.channel), '') AS channel,
        nullif(trim(surveys.journey_stage), '') AS journey_stage,
        coalesce(surveys.weight, 1.0) AS weight,
        CASE WHEN surveys.metric = 'nps' AND surveys.score <= cast($detractor AS DOUBLE) THEN 1.0 ELSE 0.0 END AS low,
        CASE
            WHEN surveys.metric = 'nps' AND surveys.score >= cast($promoter AS DOUBLE) THEN 1.0
            WHEN surveys.metric = 'ces' AND surveys.score >= CASE WHEN coalesce(surveys.scale_max, 7) > 5 THEN cast($easy_of_seven AS DOUBLE) ELSE cast($easy_of_five AS DOUBLE) END
                THEN 1.0
            WHEN
                surveys.metric = 'csat' AND surveys.score >= CASE
                    WHEN coalesce(surveys.scale_max, 5) > cast($longest_in_boxes AS DOUBLE) THEN cast($top_share AS DOUBLE) * surveys.scale_max
                    ELSE coalesce(surveys.scale_max, 5) - (cast($top_boxes AS DOUBLE) - 1)
                END
                THEN 1.0
            ELSE 0.0
        END AS high
    FROM surveys
    LEFT JOIN customer_segments ON surveys.customer_id = customer_segments.customer_id
    WHERE surveys.score IS NOT NULL AND surveys.answered_on IS NOT NULL AND surveys.metric IN ('nps', 'csat', 'ces')
),

placed AS (
    SELECT metric, 'all' AS dimension, '' AS value, weight, low, high FROM answers
    UNION ALL
    SELECT metric, 'segment' AS dimension, segment AS value, weight, low, high FROM answers
    UNION ALL
    SELECT metric, 'touchpoint' AS dimension, touchpoint AS value, weight, low, high FROM answers
    UNION ALL
    SELECT metric, 'channel' AS dimension, channel AS value, weight, low, high FROM answers
    UNION ALL
    SELECT metric, 'journey_stage' AS dimension, journey_stage AS value, weight, low, high FROM answers
    UNION ALL
    SELECT metric, 'month' AS dimension, month AS value, weight, low, high FROM answers
)

SELECT
    metric,
    dimension,
    value,
    count(*) AS answers,
    cast(sum(weight) AS DOUBLE) AS weight,
    cast(sum(weight * weight) AS DOUBLE) AS weight_squared,
    cast(sum(weight * low) AS DOUBLE) AS low,
    cast(sum(weight * high) AS DOUBLE) AS high
FROM placed
WHERE value IS NOT NULL
GROUP BY metric, dimension, value
ORDER BY metric, dimension, value
