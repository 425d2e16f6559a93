-- touchpoint_spend: what was spent on each touchpoint, of the ledger lines that count as CX.
-- Grain       one row per (touchpoint, currency)
-- Returns     touchpoint  VARCHAR
--             currency    VARCHAR  NULL where not given
--             amount      DOUBLE   money, over the whole ledger
SELECT
    trim(touchpoint) AS touchpoint,
    nullif(upper(trim(currency)), '') AS currency,
    cast(sum(amount) AS DOUBLE) AS amount
FROM costs
WHERE nullif(trim(touchpoint), '') IS NOT NULL AND coalesce(is_cx, true)
GROUP BY trim(touchpoint), nullif(upper(trim(currency)), '')
ORDER BY touchpoint, currency
