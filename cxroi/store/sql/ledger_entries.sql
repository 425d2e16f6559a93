-- ledger_entries: single lines of the cost ledger with their invoice and note, the largest first.
-- Grain       one row per ledger line, at most $limit
-- Parameters  $first_on    DATE     first day of a line; NULL for all
--             $last_on     DATE     and the last
--             $segment     VARCHAR  only of this segment; NULL for all
--             $touchpoint  VARCHAR  and of this touchpoint
--             $counts      VARCHAR  only what counts as cx, not_cx or acquisition; NULL for all
--             $limit       BIGINT   how many at most
-- Returns     month        DATE           first day
--             initiative   VARCHAR        NULL where not given
--             category     VARCHAR        NULL where not given
--             touchpoint   VARCHAR        NULL where not given
--             segment      VARCHAR        NULL for a shared line
--             owner        VARCHAR        NULL where not given
--             account      VARCHAR        code and name; NULL where not given
--             invoice_id   VARCHAR        NULL where not given
--             note         VARCHAR        NULL where not given
--             currency     VARCHAR        NULL where not given
--             thousandth   BIGINT         money x 1000, as written
--             lines        BIGINT         how many there are in all
SELECT
    month,
    initiative,
    category,
    touchpoint,
    segment,
    owner,
    account,
    invoice_id,
    note,
    currency,
    cast(amount * 1000 AS BIGINT) AS thousandth,
    count(*) OVER () AS lines
FROM ledger_lines
WHERE
    month >= coalesce(cast($first_on AS DATE), month)
    AND month <= coalesce(cast($last_on AS DATE), month)
    AND (cast($segment AS VARCHAR) IS NULL OR lower(segment) = lower(trim(cast($segment AS VARCHAR))))
    AND (cast($touchpoint AS VARCHAR) IS NULL OR lower(touchpoint) = lower(trim(cast($touchpoint AS VARCHAR))))
    AND (
        cast($counts AS VARCHAR) IS NULL
        OR cast($counts AS VARCHAR) = CASE WHEN is_acquisition THEN 'acquisition' WHEN is_cx THEN 'cx' ELSE 'not_cx' END
    )
ORDER BY abs(amount) DESC, month, initiative NULLS LAST, invoice_id NULLS LAST, account NULLS LAST, note NULLS LAST, segment NULLS LAST, amount
LIMIT cast($limit AS BIGINT)
