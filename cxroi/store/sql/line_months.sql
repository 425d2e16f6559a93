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
    cast(date_trunc('month', period) AS DATE) AS month,
    nullif(trim(segment), '') AS segment,
    nullif(upper(trim(currency)), '') AS currency,
    coalesce(kind, 'opex') = 'capex' AS is_capex,
    true AS is_cx,
    coalesce(one_off, false) AS one_off,
    nullif(trim(initiative), '') AS initiative,
    nullif(trim(touchpoint), '') AS touchpoint,
    nullif(trim(category), '') AS category,
    cast(sum(amount) * 1000 AS BIGINT) AS amount_thousandth,
    cast(coalesce(sum(budget_amount), 0) * 1000 AS BIGINT) AS budget_thousandth
FROM costs
WHERE period IS NOT NULL AND amount IS NOT NULL AND coalesce(is_cx, true)
GROUP BY
    cast(date_trunc('month', period) AS DATE),
    nullif(trim(segment), ''),
    nullif(upper(trim(currency)), ''),
    coalesce(kind, 'opex') = 'capex',
    coalesce(one_off, false),
    nullif(trim(initiative), ''),
    nullif(trim(touchpoint), ''),
    nullif(trim(category), '')
ORDER BY
    month,
    segment NULLS FIRST,
    currency NULLS FIRST,
    is_capex,
    one_off,
    initiative NULLS FIRST,
    touchpoint NULLS FIRST,
    category NULLS FIRST
