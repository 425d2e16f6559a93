-- ledger_lines: the cost ledger, a row a line, with what each line counts as.
-- Grain       one row per row of `costs` with a period and an amount
-- Returns     month              DATE           first day
--             segment            VARCHAR        as written in the ledger; NULL for a shared line
--             initiative         VARCHAR        NULL where not given
--             touchpoint         VARCHAR        NULL where not given
--             category           VARCHAR        NULL where not given
--             currency           VARCHAR        NULL where not given
--             is_capex           BOOLEAN
--             is_cx              BOOLEAN        a line that is not flagged counts as CX, one that wins customers never does
--             is_acquisition     BOOLEAN        spent on winning customers: its category is acquisition
--             one_off            BOOLEAN
--             amount             DECIMAL(18,3)  money
--             budget_amount      DECIMAL(18,3)  money; NULL where none was given
SELECT
    cast(date_trunc('month', period) AS DATE) AS month,
    nullif(trim(segment), '') AS segment,
    nullif(trim(initiative), '') AS initiative,
    nullif(trim(touchpoint), '') AS touchpoint,
    nullif(trim(category), '') AS category,
    nullif(upper(trim(currency)), '') AS currency,
    coalesce(kind, 'opex') = 'capex' AS is_capex,
    coalesce(is_cx, true) AND coalesce(category, '') <> 'acquisition' AS is_cx,
    coalesce(category, '') = 'acquisition' AS is_acquisition,
    coalesce(one_off, false) AS one_off,
    amount,
    budget_amount
FROM costs
WHERE period IS NOT NULL AND amount IS NOT NULL
