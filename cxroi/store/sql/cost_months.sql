-- cost_months: the cost ledger by month, exact, in thousandths so that shares can be allocated to the last one.
-- Grain       one row per (month, segment, initiative, currency, kind, is_cx, one_off)
-- Returns     month              DATE     first day
--             segment            VARCHAR  as written in the ledger; NULL for a shared line
--             initiative         VARCHAR  NULL where not given
--             currency           VARCHAR  NULL where not given
--             is_capex           BOOLEAN
--             is_cx              BOOLEAN  a line that is not flagged counts as CX
--             one_off            BOOLEAN
--             amount_thousandth  BIGINT   money x 1000
--             lines              BIGINT
SELECT
    cast(date_trunc('month', period) AS DATE) AS month,
    nullif(trim(segment), '') AS segment,
    nullif(trim(initiative), '') AS initiative,
    nullif(upper(trim(currency)), '') AS currency,
    coalesce(kind, 'opex') = 'capex' AS is_capex,
    coalesce(is_cx, true) AS is_cx,
    coalesce(one_off, false) AS one_off,
    cast(sum(amount) * 1000 AS BIGINT) AS amount_thousandth,
    count(*) AS lines
FROM costs
WHERE period IS NOT NULL AND amount IS NOT NULL
GROUP BY
    cast(date_trunc('month', period) AS DATE),
    nullif(trim(segment), ''),
    nullif(trim(initiative), ''),
    nullif(upper(trim(currency)), ''),
    coalesce(kind, 'opex') = 'capex',
    coalesce(is_cx, true),
    coalesce(one_off, false)
ORDER BY month, segment NULLS FIRST, initiative NULLS FIRST, currency NULLS FIRST, is_capex, is_cx, one_off
