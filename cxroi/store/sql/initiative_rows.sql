-- initiative_rows: the initiatives as they were uploaded, with what each promised.
-- Grain       one row per row of `initiatives`
-- Returns     name                VARCHAR
--             starts_on           DATE           NULL where not given
--             ends_on             DATE           NULL while it runs
--             touchpoint          VARCHAR        NULL where not given
--             segment             VARCHAR        NULL for the whole company
--             promised_uplift_pp  DOUBLE         annual retention, percentage points; NULL where not stated
--             promised_value      DECIMAL(18,3)  money; NULL where not stated
--             owner               VARCHAR        NULL where not given
--             status              VARCHAR        as written; NULL where not given
--             cx_level            VARCHAR        1 to 5 of Gartner's pyramid; NULL where not given
SELECT
    trim(name) AS name,
    starts_on,
    ends_on,
    nullif(trim(touchpoint), '') AS touchpoint,
    nullif(trim(segment), '') AS segment,
    promised_uplift_pp,
    promised_value,
    nullif(trim(owner), '') AS owner,
    nullif(trim(status), '') AS status,
    cx_level
FROM initiatives
WHERE nullif(trim(name), '') IS NOT NULL
ORDER BY name, starts_on NULLS LAST
