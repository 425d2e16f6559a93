-- table_spans: which tables have rows, and from when to when.
-- Grain       one row per dated table
-- Returns     table_name  VARCHAR
--             row_count   BIGINT
--             first_on    DATE
--             last_on     DATE
SELECT 'contacts' AS table_name, count(*) AS row_count, min(opened_on) AS first_on, max(opened_on) AS last_on FROM contacts
UNION ALL
SELECT 'costs' AS table_name, count(*) AS row_count, min(period) AS first_on, max(period) AS last_on FROM costs
UNION ALL
SELECT 'customers' AS table_name, count(*) AS row_count, min(joined_on) AS first_on, max(joined_on) AS last_on FROM customers
UNION ALL
SELECT 'monthly' AS table_name, count(*) AS row_count, min(month) AS first_on, max(month) AS last_on FROM monthly
UNION ALL
SELECT 'orders' AS table_name, count(*) AS row_count, min(ordered_on) AS first_on, max(ordered_on) AS last_on FROM orders
UNION ALL
SELECT 'surveys' AS table_name, count(*) AS row_count, min(answered_on) AS first_on, max(answered_on) AS last_on FROM surveys
ORDER BY table_name
