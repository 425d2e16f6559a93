-- score_groups: survey answers added up by what they were about, enough for a score with its interval.
-- Grain       one row per (metric, dimension, value) with an answer
-- Returns     metric          VARCHAR  nps, csat or ces
--             dimension       VARCHAR  all, segment, touchpoint, channel, journey_stage or month
--             value           VARCHAR  of that dimension; '' for all, YYYY-MM for a month
--             answers         BIGINT   unweighted
--             weight          DOUBLE   sum of weights, 1 where none was given
--             weight_squared  DOUBLE   sum of squared weights, for Kish's effective n
--             low             DOUBLE   weight of detractors (nps 0-6); 0 for csat and ces
--             high            DOUBLE   weight of promoters (nps 9-10), of satisfied answers (csat: the top two boxes, 80 and
--                                      more of 100), of easy ones (ces: 5 and more of 7, 4 and more of 5)
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
        CASE WHEN surveys.metric = 'nps' AND surveys.score <= 6 THEN 1.0 ELSE 0.0 END AS low,
        CASE
            WHEN surveys.metric = 'nps' AND surveys.score >= 9 THEN 1.0
            WHEN surveys.metric = 'ces' AND surveys.score >= CASE WHEN coalesce(surveys.scale_max, 7) > 5 THEN 5 ELSE 4 END
                THEN 1.0
            WHEN
                surveys.metric = 'csat' AND surveys.score >= CASE
                    WHEN coalesce(surveys.scale_max, 5) > 10 THEN 0.8 * surveys.scale_max
                    ELSE coalesce(surveys.scale_max, 5) - 1
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
