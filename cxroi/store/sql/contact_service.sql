-- contact_service: how fast support contacts were closed, how long they took, and how many were resolved the first time.
-- Grain       one row per (dimension, value) with a contact
-- Parameters  $first_on            DATE     first day a contact was opened; NULL for all
--             $last_on             DATE     and the last
--             $segment             VARCHAR  only of this segment; NULL for all
--             $touchpoint          VARCHAR  and about this touchpoint
--             $channel             VARCHAR  and by this channel
--             $z                   DOUBLE   normal quantile of the ranges
-- Returns     dimension            VARCHAR  all, channel, touchpoint or topic
--             value                VARCHAR  of that dimension; '' for all
--             contacts             BIGINT
--             closed               BIGINT   with a day on which they were closed
--             days_low             DOUBLE   days from opening to closing: lower end of the range of the median
--             days_mid             DOUBLE   median
--             days_high            DOUBLE   upper end
--             timed                BIGINT   with their minutes
--             minutes              DOUBLE   mean
--             minutes_error        DOUBLE   standard error of the mean; NULL of fewer than two
--             answered             BIGINT   of which it is known whether they were resolved the first time
--             resolved             BIGINT   and were
--             rated                BIGINT   with a satisfaction of their own
--             rating               DOUBLE   its mean, on the scale that was uploaded
--             rating_error         DOUBLE   standard error of that mean; NULL of fewer than two
--             costed               BIGINT   with a cost
--             cost                 DOUBLE   money: its mean
--             cost_error           DOUBLE   standard error of that mean; NULL of fewer than two
-- Notes       The range of the median is that of the order statistics (Conover 1999, section 3.2). A contact that was closed
--             before it was opened counts as not closed. What is still open has no days yet, so that the median is of those
--             closed.
WITH chosen AS (
    SELECT
        nullif(trim(contacts.channel), '') AS channel,
        nullif(trim(contacts.touchpoint), '') AS touchpoint,
        nullif(trim(contacts.topic), '') AS topic,
        CASE WHEN contacts.closed_on >= contacts.opened_on THEN cast(date_diff('day', contacts.opened_on, contacts.closed_on) AS DOUBLE) END AS days,
        contacts.handle_minutes AS minutes,
        CASE WHEN contacts.resolved_first_time THEN 1 WHEN NOT contacts.resolved_first_time THEN 0 END AS resolved,
        contacts.satisfaction AS rating,
        cast(contacts.cost AS DOUBLE) AS cost
    FROM contacts
    LEFT JOIN customer_segments ON contacts.customer_id = customer_segments.customer_id
    WHERE
        contacts.opened_on >= coalesce(cast($first_on AS DATE), contacts.opened_on)
        AND contacts.opened_on <= coalesce(cast($last_on AS DATE), contacts.opened_on)
        AND (cast($touchpoint AS VARCHAR) IS NULL OR trim(contacts.touchpoint) = cast($touchpoint AS VARCHAR))
        AND (cast($channel AS VARCHAR) IS NULL OR trim(contacts.channel) = cast($channel AS VARCHAR))
        AND (cast($segment AS VARCHAR) IS NULL OR coalesce(customer_segments.segment, nullif(trim(contacts.segment), '')) = cast($segment AS VARCHAR))
),

placed AS (
    SELECT 'all' AS dimension, '' AS value, days, minutes, resolved, rating, cost FROM chosen
    UNION ALL
    SELECT 'channel' AS dimension, channel AS value, days, minutes, resolved, rating, cost FROM chosen
    UNION ALL
    SELECT 'touchpoint' AS dimension, touchpoint AS value, days, minutes, resolved, rating, cost FROM chosen
    UNION ALL
    SELECT 'topic' AS dimension, topic AS value, days, minutes, resolved, rating, cost FROM chosen
),

ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY dimension, value ORDER BY days NULLS LAST) AS place,
        count(days) OVER (PARTITION BY dimension, value) AS closed
    FROM placed
    WHERE value IS NOT NULL
)

SELECT
    dimension,
    value,
    count(*) AS contacts,
    count(days) AS closed,
    max(CASE WHEN place <= greatest(floor(closed / 2.0 - cast($z AS DOUBLE) * sqrt(closed) / 2), 1) THEN days END) AS days_low,
    median(days) AS days_mid,
    max(CASE WHEN place <= least(ceil(1 + closed / 2.0 + cast($z AS DOUBLE) * sqrt(closed) / 2), closed) THEN days END) AS days_high,
    count(minutes) AS timed,
    cast(avg(minutes) AS DOUBLE) AS minutes,
    cast(CASE WHEN count(minutes) > 1 THEN stddev_samp(minutes) / sqrt(count(minutes)) END AS DOUBLE) AS minutes_error,
    count(resolved) AS answered,
    cast(coalesce(sum(resolved), 0) AS BIGINT) AS resolved,
    count(rating) AS rated,
    cast(avg(rating) AS DOUBLE) AS rating,
    cast(CASE WHEN count(rating) > 1 THEN stddev_samp(rating) / sqrt(count(rating)) END AS DOUBLE) AS rating_error,
    count(cost) AS costed,
    cast(avg(cost) AS DOUBLE) AS cost,
    cast(CASE WHEN count(cost) > 1 THEN stddev_samp(cost) / sqrt(count(cost)) END AS DOUBLE) AS cost_error
FROM ranked
GROUP BY dimension, value
ORDER BY dimension, value
