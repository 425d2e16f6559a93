-- scored_answers: survey answers with what each counts as.
-- Grain       one row per answer with a day, a score and a known metric
-- Parameters  $promoter          DOUBLE   lowest answer of a promoter (nps)
--             $detractor         DOUBLE   highest answer of a detractor (nps)
--             $top_boxes         DOUBLE   so many of the highest answers are satisfied (csat)
--             $longest_in_boxes  DOUBLE   highest answer of a scale that is counted so
--             $top_share         DOUBLE   of a longer scale, from where answers are satisfied
--             $easy_of_five      DOUBLE   lowest easy answer of 1 to 5 (ces)
--             $easy_of_seven     DOUBLE   and of a longer scale
-- Returns     customer_id    VARCHAR
--             answered_on    DATE
--             metric         VARCHAR  nps, csat or ces
--             score          DOUBLE   on its own scale
--             is_high        BOOLEAN  of a promoter (nps), satisfied (csat), easy (ces)
--             is_low         BOOLEAN  of a detractor (nps); neither satisfied (csat) nor easy (ces)
--             weight         DOUBLE   1 where none was given
--             segment        VARCHAR  as the answer says it; NULL where it does not
--             touchpoint     VARCHAR  NULL where not given
--             channel        VARCHAR  NULL where not given
--             journey_stage  VARCHAR  NULL where not given
--             comment        VARCHAR  NULL where not given
--             language       VARCHAR  of the comment, as the answer says it; NULL where it does not
-- Notes       The engine keeps this query as a view of the same name for the other queries, its parameters those of
--             cxroi.model.satisfaction.scales.
WITH counted AS (
    SELECT
        customer_id,
        answered_on,
        metric,
        score,
        CASE
            WHEN metric = 'nps' THEN score >= cast($promoter AS DOUBLE)
            WHEN metric = 'ces'
                THEN score >= CASE WHEN coalesce(scale_max, 7) > 5 THEN cast($easy_of_seven AS DOUBLE) ELSE cast($easy_of_five AS DOUBLE) END
            ELSE score >= CASE
                WHEN coalesce(scale_max, 5) > cast($longest_in_boxes AS DOUBLE) THEN cast($top_share AS DOUBLE) * scale_max
                ELSE coalesce(scale_max, 5) - (cast($top_boxes AS DOUBLE) - 1)
            END
        END AS is_high,
        cast(coalesce(weight, 1.0) AS DOUBLE) AS weight,
        nullif(trim(segment), '') AS segment,
        nullif(trim(touchpoint), '') AS touchpoint,
        nullif(trim(channel), '') AS channel,
        nullif(trim(journey_stage), '') AS journey_stage,
        nullif(trim(comment), '') AS comment,
        nullif(trim(language), '') AS language
    FROM surveys
    WHERE score IS NOT NULL AND answered_on IS NOT NULL AND metric IN ('nps', 'csat', 'ces')
)

SELECT
    customer_id,
    answered_on,
    metric,
    cast(score AS DOUBLE) AS score,
    is_high,
    CASE WHEN metric = 'nps' THEN score <= cast($detractor AS DOUBLE) ELSE NOT is_high END AS is_low,
    weight,
    segment,
    touchpoint,
    channel,
    journey_stage,
    comment,
    language
FROM counted
