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
--             owner              VARCHAR        NULL where not given
--             cx_level           VARCHAR        1 to 5 of Gartner's pyramid: the line's own, else its initiative's; NULL where neither says
--             account            VARCHAR        code and name; NULL where not given
--             invoice_id         VARCHAR        NULL where not given
--             note               VARCHAR        NULL where not given
WITH tagged AS (
    SELECT lower(trim(name)) AS initiative_key, min(cx_level) AS cx_level
    FROM initiatives
    WHERE cx_level IS NOT NULL
    GROUP BY lower(trim(name))
)

SELECT
    cast(date_trunc('month', costs.period) AS DATE) AS month,
    nullif(trim(costs.segment), '') AS segment,
    nullif(trim(costs.initiative), '') AS initiative,
    nullif(trim(costs.touchpoint), '') AS touchpoint,
    nullif(trim(costs.category), '') AS category,
    nullif(upper(trim(costs.currency)), '') AS currency,
    coalesce(costs.kind, 'opex') = 'capex' AS is_capex,
    coalesce(costs.is_cx, true) AND coalesce(costs.category, '') <> 'acquisition' AS is_cx,
    coalesce(costs.category, '') = 'acquisition' AS is_acquisition,
    coalesce(costs.one_off, false) AS one_off,
    costs.amount,
    costs.budget_amount,
    nullif(trim(costs.owner), '') AS owner,
    coalesce(costs.cx_level, tagged.cx_level) AS cx_level,
    nullif(trim(costs.account), '') AS account,
    nullif(trim(costs.invoice_id), '') AS invoice_id,
    nullif(trim(costs.note), '') AS note
FROM costs
LEFT JOIN tagged ON lower(trim(costs.initiative)) = tagged.initiative_key
WHERE costs.period IS NOT NULL AND costs.amount IS NOT NULL
