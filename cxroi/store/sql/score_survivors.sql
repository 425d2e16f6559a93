-- score_survivors: the mean score of the later months against the earlier ones, with and without those who left between.
-- Grain       one row per metric with answers in both and somebody who stayed
-- Parameters  $earlier_from      DATE     first day of the earlier months; NULL: the twelve before the later ones
--             $later_from        DATE     first day of the later months; NULL: the last twelve, to the month of the newest answer
--             $later_to          DATE     their last day; NULL: as far as there are answers
--             $segment           VARCHAR  only of this segment; NULL for all
--             $touchpoint        VARCHAR  and of this touchpoint
--             $channel           VARCHAR  and of this channel
-- Returns     metric          VARCHAR  nps, csat or ces
--             before          DOUBLE   mean of the earlier months; nps as -1, 0, 1, the others on their scale
--             before_stayed   DOUBLE   of the customers who had not left when the later months began
--             after           DOUBLE   mean of the later months
--             standard_error  DOUBLE   of after less before, from the spread of the answers and Kish's effective n
--             answers         BIGINT   in both
--             left_since      BIGINT   earlier answers of customers who left before the later months
-- Notes       Weighted. Only answers of known customers, since only theirs tell who left.
WITH months AS (
    SELECT
        coalesce(cast($later_from AS DATE), cast(date_trunc('month', max(answered_on)) - INTERVAL '11' MONTH AS DATE)) AS later_from,
        coalesce(cast($earlier_from AS DATE), cast(date_trunc('month', max(answered_on)) - INTERVAL '23' MONTH AS DATE)) AS earlier_from,
        coalesce(cast($later_to AS DATE), max(answered_on)) AS later_to
    FROM scored_answers
),

answers AS (
    SELECT
        scored_answers.metric,
        scored_answers.weight,
        CASE
            WHEN scored_answers.metric <> 'nps' THEN scored_answers.score
            WHEN scored_answers.is_high THEN 1.0
            WHEN scored_answers.is_low THEN -1.0
            ELSE 0.0
        END AS value,
        scored_answers.answered_on >= months.later_from AS is_later,
        coalesce(known.left_on < months.later_from, false) AS has_left
    FROM scored_answers
    CROSS JOIN months
    INNER JOIN (
        SELECT customer_id, max(left_on) AS left_on FROM customers GROUP BY customer_id
    ) AS known ON scored_answers.customer_id = known.customer_id
    LEFT JOIN customer_segments ON scored_answers.customer_id = customer_segments.customer_id
    WHERE
        scored_answers.answered_on BETWEEN months.earlier_from AND months.later_to
        AND (cast($touchpoint AS VARCHAR) IS NULL OR scored_answers.touchpoint = cast($touchpoint AS VARCHAR))
        AND (cast($channel AS VARCHAR) IS NULL OR scored_answers.channel = cast($channel AS VARCHAR))
        AND (cast($segment AS VARCHAR) IS NULL OR coalesce(customer_segments.segment, scored_answers.segment) = cast($segment AS VARCHAR))
),

sums AS (
    SELECT
        metric,
        sum(CASE WHEN is_later THEN 0 ELSE value * weight END) AS before,
        sum(CASE WHEN is_later THEN 0 ELSE weight END) AS before_weight,
        sum(CASE WHEN is_later OR has_left THEN 0 ELSE value * weight END) AS stayed,
        sum(CASE WHEN is_later OR has_left THEN 0 ELSE weight END) AS stayed_weight,
        sum(CASE WHEN is_later THEN value * weight ELSE 0 END) AS after,
        sum(CASE WHEN is_later THEN weight ELSE 0 END) AS after_weight,
        sum(CASE WHEN is_later THEN 0 ELSE value * value * weight END) AS before_squares,
        sum(CASE WHEN is_later THEN 0 ELSE weight * weight END) AS before_weight_squares,
        sum(CASE WHEN is_later THEN value * value * weight ELSE 0 END) AS after_squares,
        sum(CASE WHEN is_later THEN weight * weight ELSE 0 END) AS after_weight_squares,
        count(*) AS answers,
        sum(CASE WHEN is_later OR NOT has_left THEN 0 ELSE 1 END) AS left_since
    FROM answers
    GROUP BY metric
)

SELECT
    metric,
    cast(before AS DOUBLE) / nullif(before_weight, 0) AS before,
    cast(stayed AS DOUBLE) / nullif(stayed_weight, 0) AS before_stayed,
    cast(after AS DOUBLE) / nullif(after_weight, 0) AS after,
    sqrt(
        greatest(before_squares / nullif(before_weight, 0) - power(before / nullif(before_weight, 0), 2), 0)
        * before_weight_squares / nullif(before_weight * before_weight, 0)
        + greatest(after_squares / nullif(after_weight, 0) - power(after / nullif(after_weight, 0), 2), 0)
        * after_weight_squares / nullif(after_weight * after_weight, 0)
    ) AS standard_error,
    answers,
    cast(left_since AS BIGINT) AS left_since
FROM sums
WHERE before_weight > 0 AND stayed_weight > 0 AND after_weight > 0
ORDER BY metric
