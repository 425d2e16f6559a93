-- event_rows: named events as they were uploaded.
-- Grain       one row per row of `events`
-- Returns     what         VARCHAR
--             kind         VARCHAR  price, outage, promotion, competitor or other; NULL where not given
--             happened_on  DATE     NULL where not given
--             starts_on    DATE     NULL where not given
--             ends_on      DATE     NULL where not given, or where it lasts
--             segment      VARCHAR  "" where it met all customers
SELECT
    trim(what) AS what,
    kind,
    happened_on,
    starts_on,
    ends_on,
    coalesce(trim(segment), '') AS segment
FROM events
WHERE nullif(trim(what), '') IS NOT NULL
ORDER BY coalesce(starts_on, happened_on), what, segment
