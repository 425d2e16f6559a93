-- score_groups: survey answers added up by what they were about, enough for a score with its interval.
-- Grain       one row per (metric, dimension, value) with an answer
-- Parameters  $first_on       DATE     first day of an answer; NULL for all
--             $last_on        DATE     and the last
--             $segment        VARCHAR  only of this segment; NULL for all
--             $touchpoint     VARCHAR  and of this touchpoint
--             $channel        VARCHAR  and of this channel
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
        scored_answers.metric,
        substr(cast(scored_answers.answered_on AS VARCHAR), 1, 7) AS month,
        coalesce(customer_segments.segment, scored_answers.segment) AS segment,
        scored_answers.touchpoint,
        scored_answers.channel,
        scored_answers.journey_stage,
        scored_answers.weight,
        CASE WHEN scored_answers.metric = 'nps' AND scored_answers.is_low THEN 1.0 ELSE 0.0 END AS low,
        CASE WHEN scored_answers.is_high THEN 1.0 ELSE 0.0 END AS high
    FROM scored_answers
    LEFT JOIN customer_segments ON scored_answers.customer_id = customer_segments.customer_id
    WHERE
        scored_answers.answered_on >= coalesce(cast($first_on AS DATE), scored_answers.answered_on)
        AND scored_answers.answered_on <= coalesce(cast($last_on AS DATE), scored_answers.answered_on)
        AND (cast($touchpoint AS VARCHAR) IS NULL OR scored_answers.touchpoint = cast($touchpoint AS VARCHAR))
        AND (cast($channel AS VARCHAR) IS NULL OR scored_answers.channel = cast($channel AS VARCHAR))
        AND (cast($segment AS VARCHAR) IS NULL OR coalesce(customer_segments.segment, scored_answers.segment) = cast($segment AS VARCHAR))
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
