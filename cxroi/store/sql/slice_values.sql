-- slice_values: what the dated tables can be looked at by.
-- Grain       one row per (dimension, value) that some row carries
-- Returns     dimension  VARCHAR  segment, touchpoint or channel
--             value      VARCHAR
-- Notes       Segments of customers and orders as each customer belongs to one; those of other tables as they are written.
WITH named AS (
    SELECT 'segment' AS dimension, segment AS value FROM customer_segments
    UNION
    SELECT 'segment' AS dimension, nullif(trim(segment), '') AS value FROM surveys
    UNION
    SELECT 'segment' AS dimension, nullif(trim(segment), '') AS value FROM monthly
    UNION
    SELECT 'segment' AS dimension, nullif(trim(segment), '') AS value FROM ledger_lines
    UNION
    SELECT 'touchpoint' AS dimension, nullif(trim(touchpoint), '') AS value FROM surveys
    UNION
    SELECT 'touchpoint' AS dimension, nullif(trim(touchpoint), '') AS value FROM contacts
    UNION
    SELECT 'touchpoint' AS dimension, nullif(trim(touchpoint), '') AS value FROM ledger_lines
    UNION
    SELECT 'channel' AS dimension, nullif(trim(channel), '') AS value FROM surveys
    UNION
    SELECT 'channel' AS dimension, nullif(trim(channel), '') AS value FROM contacts
)

SELECT dimension, value
FROM named
WHERE value IS NOT NULL
ORDER BY dimension, value
