-- pilot_rows: pilots as they were uploaded.
-- Grain       one row per row of `pilots`: a customer, or a group and month
-- Returns     segment      VARCHAR        "" for a pilot over the whole company
--             group        VARCHAR        treated or control
--             period       DATE           first day of the month
--             customers    BIGINT         in the group; NULL in a row a customer
--             customer_id  VARCHAR        NULL in a row a group
--             retained     DOUBLE         customers who stayed
--             spend        DECIMAL(18,3)  money, on the row's customers in the month
--             covariate    DOUBLE         measured before the pilot
--             randomised   BOOLEAN        false where not given
SELECT
    coalesce(trim(segment), '') AS segment,
    "group",
    cast(date_trunc('month', period) AS DATE) AS period,
    customers,
    nullif(trim(customer_id), '') AS customer_id,
    retained,
    spend,
    covariate,
    coalesce(randomised, false) AS randomised
FROM pilots
ORDER BY segment, period, "group", customer_id
