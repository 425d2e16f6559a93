-- line_months: what was spent by month and by what the ledger calls it, exact, in thousandths.
-- Grain       one row per (month, segment, currency, kind, is_cx, is_acquisition, one_off, initiative, touchpoint, category, owner,
--             cx_level)
-- Returns     month              DATE     first day
--             segment            VARCHAR  as written in the ledger; NULL for a shared line
--             currency           VARCHAR  NULL where not given
--             is_capex           BOOLEAN
--             is_cx              BOOLEAN
--             is_acquisition     BOOLEAN
--             one_off            BOOLEAN
--             initiative         VARCHAR  NULL where not given
--             touchpoint         VARCHAR  NULL where not given
--             category           VARCHAR  NULL where not given
--             owner              VARCHAR  NULL where not given
--             cx_level           VARCHAR  1 to 5 of Gartner's pyramid; NULL where nothing says
--             amount_thousandth  BIGINT   money x 1000
--             budget_thousandth  BIGINT   money x 1000; 0 where none was given
--             lines              BIGINT
--             lines_budgeted     BIGINT   of `lines`: with a budget
SELECT
    month,
    segment,
    currency,
    is_capex,
    is_cx,
    is_acquisition,
    one_off,
    initiative,
    touchpoint,
    category,
    owner,
    cx_level,
    cast(sum(amount) * 1000 AS BIGINT) AS amount_thousandth,
    cast(coalesce(sum(budget_amount), 0) * 1000 AS BIGINT) AS budget_thousandth,
    count(*) AS lines,
    count(budget_amount) AS lines_budgeted
FROM ledger_lines
GROUP BY month, segment, currency, is_capex, is_cx, is_acquisition, one_off, initiative, touchpoint, category, owner, cx_level
ORDER BY
    month,
    segment NULLS FIRST,
    currency NULLS FIRST,
    is_capex,
    is_cx,
    is_acquisition,
    one_off,
    initiative NULLS FIRST,
    touchpoint NULLS FIRST,
    category NULLS FIRST,
    owner NULLS FIRST,
    cx_level NULLS FIRST
