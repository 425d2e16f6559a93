-- score_survivors: the mean score of the last twelve months against the twelve before, with and without those who left.
-- Grain       one row per metric with answers in both years and somebody who stayed
-- Parameters  $promoter          DOUBLE   lowest answer of a promoter (nps)
--             $detractor         DOUBLE   highest answer of a detractor (nps)
-- Returns     metric          VARCHAR  nps, csat or ces
--             before          DOUBLE   mean of the earlier year; nps as -1, 0, 1, the others on their scale
--             before_stayed   DOUBLE   of the customers who had not left when the later year began
--             after           DOUBLE   mean of the later year
--             standard_error  DOUBLE   of after less before, from the spread of the answers and Kish's effective n
--             answers         BIGINT   in both years
--             left_since      BIGINT   earlier answers of customers who left before the later year
-- Notes       Weighted. Only answers of known customers, since only theirs tell who left. The later year ends with the
--             month of the newest answer.
WITH latest AS (
    SELECT date_trunc('month', max(answered_on)) AS month FROM surveys WHERE score IS NOT NULL
),

answers AS (
    SELECT
        surveys.metric,
        coalesce(surveys.weight, 1.0) AS weight,
        CASE
            WHEN surveys.metric <> 'nps' THEN surveys.score
            WHEN surveys.score >= cast($promoter AS DOUBLE) THEN 1.0
            WHEN surveys.score <= cast($detractor AS DOUBLE) THEN -1.0
            ELSE 0.0
        END AS value,
        surveys.answered_on >= latest.month - INTERVAL '11' MONTH AS is_later,
        coalesce(known.left_on < latest.month - INTERVAL '11' MONTH, false) AS has_left
    FROM surveys
    CROSS JOIN latest
    INNER JOIN (
        SELECT customer_id, max(left_on) AS left_on FROM customers GROUP BY customer_id
    ) AS known ON surveys.customer_id = known.customer_id
    WHERE
        surveys.score IS NOT NULL
        AND surveys.metric IN ('nps', 'csat', 'ces')
        AND surveys.answered_on >= latest.month - INTERVAL '23' MONTH
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
