-- line_months: what was spent on customer experience by month and by what the ledger calls it, exact, in thousandths.
-- Grain       one row per (month, segment, currency, kind, one_off, initiative, touchpoint, category), CX lines only
-- Returns     month              DATE     first day
--             segment            VARCHAR  as written in the ledger; NULL for a shared line
--             currency           VARCHAR  NULL where not given
--             is_capex           BOOLEAN
--             is_cx              BOOLEAN  always true
--             one_off            BOOLEAN
--             initiative         VARCHAR  NULL where not given
--             touchpoint         VARCHAR  NULL where not given
--             category           VARCHAR  NULL where not given
--             amount_thousandth  BIGINT   money x 1000
--             budget_thousandth  BIGINT   money x 1000; 0 where none was given
SELECT
    month,
    segment,
    currency,
    is_capex,
    is_cx,
    one_off,
    initiative,
    touchpoint,
    category,
    cast(sum(amount) * 1000 AS BIGINT) AS amount_thousandth,
    cast(coalesce(sum(budget_amount), 0) * 1000 AS BIGINT) AS budget_thousandth
FROM ledger_lines
WHERE is_cx
GROUP BY month, segment, currency, is_capex, is_cx, one_off, initiative, touchpoint, category
ORDER BY
    month,
    segment NULLS FIRST,
    currency NULLS FIRST,
    is_capex,
    one_off,
    initiative NULLS FIRST,
    touchpoint NULLS FIRST,
    category NULLS FIRST
