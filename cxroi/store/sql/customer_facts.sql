-- customer_facts: what the customers table can and cannot tell, for the sentences beside the panel.
-- Grain       one row
-- Parameters  $as_of             DATE    leaving dates after it end contracts that still run; NULL: all of them count
-- Returns     customers          BIGINT  rows
--             dated              BIGINT  rows that the panel can use, see dated_customers
--             with_leaving_date  BIGINT  of those
--             with_revenue       BIGINT  rows with monthly_revenue
--             last_event_on      DATE    newest joining date, or leaving date up to $as_of
SELECT
    (SELECT count(*) FROM customers) AS customers,
    count(*) AS dated,
    count(left_on) AS with_leaving_date,
    (SELECT count(monthly_revenue) FROM customers) AS with_revenue,
    greatest(
        max(joined_on),
        max(CASE WHEN left_on <= coalesce(cast($as_of AS DATE), left_on) THEN left_on END)
    ) AS last_event_on
FROM dated_customers
