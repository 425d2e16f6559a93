-- score_months: NPS, CSAT and CES of each month with the number of answers.
-- Grain       one row per (month, segment, metric) with an answer
-- Returns     month    DATE     first day of the month of the answer
--             segment  VARCHAR  of the customer, else of the answer; NULL where neither says
--             metric   VARCHAR  nps, csat or ces
--             score    DOUBLE   nps: promoters less detractors, -100..100; csat: share of satisfied answers, percent;
--                               ces: mean on its own scale
--             answers  BIGINT   unweighted
-- Notes       Weighted by `weight` where given.
WITH answers AS (
    SELECT
        cast(date_trunc('month', scored_answers.answered_on) AS DATE) AS month,
        coalesce(customer_segments.segment, scored_answers.segment) AS segment,
        scored_answers.metric,
        scored_answers.weight,
        CASE
            WHEN scored_answers.metric = 'ces' THEN scored_answers.score
            WHEN scored_answers.is_high THEN 100.0
            WHEN scored_answers.metric = 'nps' AND scored_answers.is_low THEN -100.0
            ELSE 0.0
        END AS value
    FROM scored_answers
    LEFT JOIN customer_segments ON scored_answers.customer_id = customer_segments.customer_id
)

SELECT
    month,
    segment,
    metric,
    cast(sum(value * weight) AS DOUBLE) / nullif(sum(weight), 0) AS score,
    count(*) AS answers
FROM answers
GROUP BY month, segment, metric
ORDER BY month, segment NULLS FIRST, metric
