-- driver_observations: survey answers of known customers with what those customers did in the months after.
-- Grain       one row per answer about a touchpoint (or, where it names none, a channel), the newest $limit of them
-- Parameters  $first_on              DATE     first day of an answer; NULL for all
--             $last_on               DATE     and the last
--             $segment               VARCHAR  only customers of this segment; NULL for all
--             $channel               VARCHAR  only answers by this channel
--             $as_of                 DATE     the last day observed
--             $within_months         BIGINT   how long after the answer to look
--             $limit                 BIGINT   most answers returned
-- Returns     touchpoint             VARCHAR  of the answer, else its channel
--             satisfied              BIGINT   1: promoter (nps), satisfied (csat), easy (ces); else 0
--             event                  BIGINT   1: left within $within_months of answering, else 0
--             ordered_again          BIGINT   1: ordered within $within_months after the day of answering, else 0
--             customer_id            BIGINT   a number that stands for the customer, good for this result only
--             segment                VARCHAR  NULL where the data have none
--             tenure_months          BIGINT   whole months since joining, or since the first order; NULL where unknown
--             months_to_event        DOUBLE   from answering to leaving; NULL where not within $within_months
--             answered_after_event   BOOLEAN  had left before answering
--             weight                 DOUBLE   of the answer in the survey; 1 where none was given
--             day                    BIGINT   days from $as_of to the answer, 0 or below: the later, the larger
--             is_complete            BOOLEAN  $within_months after the answer lie before $as_of, or the customer left
-- Notes       Only complete answers tell a rate; the others lack part of their time. Leaving is told by dated_customers; of
--             customers who are not among them only ordering again is known.
WITH lives AS (
    SELECT customer_id, min(joined_on) AS joined_on, max(left_on) AS left_on
    FROM dated_customers
    GROUP BY customer_id
),

first_orders AS (
    SELECT customer_id, min(ordered_on) AS first_on
    FROM orders
    WHERE amount >= 0
    GROUP BY customer_id
),

answers AS (
    SELECT
        scored_answers.customer_id,
        scored_answers.answered_on,
        scored_answers.weight,
        coalesce(scored_answers.touchpoint, scored_answers.channel) AS touchpoint,
        customer_segments.segment,
        lives.left_on,
        coalesce(lives.joined_on, first_orders.first_on) AS since,
        scored_answers.answered_on + cast($within_months AS INTEGER) * INTERVAL '1' MONTH AS until,
        CASE WHEN scored_answers.is_high THEN 1 ELSE 0 END AS satisfied
    FROM scored_answers
    INNER JOIN customer_segments ON scored_answers.customer_id = customer_segments.customer_id
    LEFT JOIN lives ON scored_answers.customer_id = lives.customer_id
    LEFT JOIN first_orders ON scored_answers.customer_id = first_orders.customer_id
    WHERE
        scored_answers.answered_on <= cast($as_of AS DATE)
        AND scored_answers.answered_on >= coalesce(cast($first_on AS DATE), scored_answers.answered_on)
        AND scored_answers.answered_on <= coalesce(cast($last_on AS DATE), scored_answers.answered_on)
        AND (cast($segment AS VARCHAR) IS NULL OR customer_segments.segment = cast($segment AS VARCHAR))
        AND (cast($channel AS VARCHAR) IS NULL OR scored_answers.channel = cast($channel AS VARCHAR))
),

numbered AS (
    SELECT
        *,
        dense_rank() OVER (ORDER BY customer_id) AS customer_number,
        row_number() OVER (ORDER BY answered_on DESC, customer_id, touchpoint, satisfied) AS place
    FROM answers
    WHERE touchpoint IS NOT NULL
),

later_orders AS (
    SELECT numbered.place
    FROM numbered
    INNER JOIN orders ON numbered.customer_id = orders.customer_id
    WHERE
        numbered.place <= cast($limit AS BIGINT)
        AND orders.amount >= 0
        AND orders.ordered_on > numbered.answered_on
        AND orders.ordered_on <= numbered.until
    GROUP BY numbered.place
)

SELECT
    numbered.touchpoint,
    cast(numbered.satisfied AS BIGINT) AS satisfied,
    cast(CASE WHEN numbered.left_on <= numbered.until AND numbered.left_on <= cast($as_of AS DATE) THEN 1 ELSE 0 END AS BIGINT)
        AS event,
    cast(CASE WHEN later_orders.place IS NULL THEN 0 ELSE 1 END AS BIGINT) AS ordered_again,
    numbered.customer_number AS customer_id,
    numbered.segment,
    cast(floor(date_diff('day', numbered.since, numbered.answered_on) / 30.4375) AS BIGINT) AS tenure_months,
    CASE
        WHEN numbered.left_on <= numbered.until AND numbered.left_on >= numbered.answered_on
            THEN date_diff('day', numbered.answered_on, numbered.left_on) / 30.4375
    END AS months_to_event,
    coalesce(numbered.left_on < numbered.answered_on, false) AS answered_after_event,
    cast(numbered.weight AS DOUBLE) AS weight,
    cast(date_diff('day', cast($as_of AS DATE), numbered.answered_on) AS BIGINT) AS day,
    numbered.until <= cast($as_of AS DATE) OR coalesce(numbered.left_on <= cast($as_of AS DATE), false) AS is_complete
FROM numbered
LEFT JOIN later_orders ON numbered.place = later_orders.place
WHERE numbered.place <= cast($limit AS BIGINT)
ORDER BY numbered.place
