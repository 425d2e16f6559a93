-- dated_customers: the customers whose time with the company is known.
-- Grain       one row per customer
-- Returns     customer_id      VARCHAR
--             joined_on        DATE
--             left_on          DATE           NULL while active
--             segment          VARCHAR        NULL where not given
--             monthly_revenue  DECIMAL(18,3)  money per month, 0 where not given
-- Notes       Left out, and counted in customer_facts: no joining date, left before joining, gone by status without a date.
--             The engine keeps this query as a view of the same name for the other queries.
SELECT
    customer_id,
    joined_on,
    left_on,
    nullif(trim(segment), '') AS segment,
    cast(coalesce(monthly_revenue, 0) AS DECIMAL(18, 3)) AS monthly_revenue
FROM customers
WHERE
    joined_on IS NOT NULL
    AND (left_on IS NULL OR left_on >= joined_on)
    AND NOT (
        left_on IS NULL
        AND coalesce(lower(trim(status)), '') IN (
            'left', 'lost', 'churned', 'cancelled', 'canceled', 'closed', 'inactive', 'terminated', 'ended', 'expired',
            'former', 'former customer', 'lost customer', 'churned customer', 'deactivated', 'discontinued', 'departed', 'unsubscribed',
            'مغادر', 'غادر', 'ملغي', 'ملغى', 'منتهي', 'مغلق', 'غير نشط', 'متوقف', 'مفقود',
            'مغادرة', 'غادرت', 'ملغاة', 'ملغية', 'منتهية', 'مغلقة', 'غير نشطة', 'متوقفة', 'منسحب', 'عميل سابق', 'ألغى الاشتراك'
        )
    )
