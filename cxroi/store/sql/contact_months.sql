-- contact_months: support contacts and what they cost.
-- Grain       one row per (month, segment) with a contact
-- Returns     month            DATE           first day of the month in which the contact was opened
--             segment          VARCHAR        of the contact, else of its customer; NULL where neither says
--             contacts         BIGINT
--             cost             DECIMAL(38,3)  money; NULL where no contact has a cost
--             contacts_costed  BIGINT         contacts with a cost
--             last_opened_on   DATE
SELECT
    cast(date_trunc('month', contacts.opened_on) AS DATE) AS month,
    coalesce(customer_segments.segment, nullif(trim(contacts.segment), '')) AS segment,
    count(*) AS contacts,
    cast(sum(contacts.cost) AS DECIMAL(38, 3)) AS cost,
    count(contacts.cost) AS contacts_costed,
    max(contacts.opened_on) AS last_opened_on
FROM contacts
LEFT JOIN customer_segments ON contacts.customer_id = customer_segments.customer_id
GROUP BY
    cast(date_trunc('month', contacts.opened_on) AS DATE),
    coalesce(customer_segments.segment, nullif(trim(contacts.segment), ''))
ORDER BY month, segment NULLS FIRST
