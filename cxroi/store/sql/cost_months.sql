-- cost_months: the cost ledger by month, exact, in thousandths so that shares can be allocated to the last one.
-- Grain       one row per (month, segment, initiative, currency, kind, is_cx, is_acquisition, one_off)
-- Returns     month              DATE     first day
--             segment            VARCHAR  as written in the ledger; NULL for a shared line
--             initiative         VARCHAR  NULL where not given
--             currency           VARCHAR  NULL where not given
--             is_capex           BOOLEAN
--             is_cx              BOOLEAN  a line that is not flagged counts as CX
--             is_acquisition     BOOLEAN  spent on winning customers, and then never CX
--             one_off            BOOLEAN
--             amount_thousandth  BIGINT   money x 1000
--             lines              BIGINT
SELECT
    month,
    segment,
    initiative,
    currency,
    is_capex,
    is_cx,
    is_acquisition,
    one_off,
    cast(sum(amount) * 1000 AS BIGINT) AS amount_thousandth,
    count(*) AS lines
FROM ledger_lines
GROUP BY month, segment, initiative, currency, is_capex, is_cx, is_acquisition, one_off
ORDER BY
    month,
    segment NULLS FIRST,
    initiative NULLS FIRST,
    currency NULLS FIRST,
    is_capex,
    is_cx,
    is_acquisition,
    one_off
