-- touchpoint_spend: what was spent on each touchpoint, of the ledger lines that count as CX.
-- Grain       one row per (touchpoint, currency)
-- Returns     touchpoint  VARCHAR
--             currency    VARCHAR  NULL where not given
--             amount      DOUBLE   money, over the whole ledger
SELECT touchpoint, currency, cast(sum(amount) AS DOUBLE) AS amount
FROM ledger_lines
WHERE touchpoint IS NOT NULL AND is_cx
GROUP BY touchpoint, currency
ORDER BY touchpoint, currency
