-- touchpoint_spend: what was spent on each touchpoint, of the ledger lines that count as CX.
-- Grain       one row per (touchpoint, currency)
-- Parameters  $first_on   DATE     first day of what was spent; NULL for all
--             $last_on    DATE     and the last
-- Returns     touchpoint  VARCHAR
--             currency    VARCHAR  NULL where not given
--             amount      DOUBLE   money, over these months
SELECT touchpoint, currency, cast(sum(amount) AS DOUBLE) AS amount
FROM ledger_lines
WHERE
    touchpoint IS NOT NULL AND is_cx
    AND month >= coalesce(date_trunc('month', cast($first_on AS DATE)), month)
    AND month <= coalesce(cast($last_on AS DATE), month)
GROUP BY touchpoint, currency
ORDER BY touchpoint, currency
