-- after_answers: what customers did from the month after an answer on: stayed or left, ordered again, paid, cost to serve.
-- Grain       one row per (metric, band, left_out, followed, has_left, ordered_in)
-- Parameters  $first_on       DATE     first day of an answer; NULL for all
--             $last_on        DATE     and the last
--             $segment        VARCHAR  only customers of this segment; NULL for all
--             $touchpoint     VARCHAR  only answers about this touchpoint
--             $channel        VARCHAR  only answers by this channel
--             $as_of          DATE     the last day observed
--             $within_months  BIGINT   how many months to look ahead at most
-- Returns     metric          VARCHAR  nps, csat, ces: by the first answer of each customer; bad: after so many days with a
--                                      bad answer; silent: those of whom nothing was heard until a month drawn by lot
--             band            VARCHAR  high, middle or low; 1, 2 or 3; unasked (no answer) or unheard (nor a contact)
--             left_out        VARCHAR  already_left: in the month of the answer or before; too_recent: no month is over
--                                      since; NULL: followed
--             followed        BIGINT   months watched, the month of leaving the last of them
--             has_left        BOOLEAN  left in the last of these months
--             ordered_in      BIGINT   the month of the first order after, 1 for the first month; NULL where there is none
--             customers       BIGINT
--             spend           DOUBLE   money: orders in the months watched, or monthly revenue where there are no orders
--             spend_squared   DOUBLE   sum of squares by customer
--             cost            DOUBLE   money: support contacts in the months watched
--             cost_squared    DOUBLE   sum of squares by customer
-- Notes       Only what came after the month of the answer counts. Who is silent is told by what lies before the month that
--             was drawn, never by what came after it. Answers are of the whole life of a customer's one first answer per
--             metric in the days asked about; a later one changes no band.
WITH lives AS (
    SELECT
        customer_segments.customer_id,
        customer_segments.segment,
        coalesce(known.joined_on, bought.first_on) AS joined_on,
        known.left_on,
        coalesce(known.monthly_revenue, 0) AS monthly_revenue
    FROM customer_segments
    LEFT JOIN (
        SELECT
            customer_id,
            min(joined_on) AS joined_on,
            max(left_on) AS left_on,
            cast(max(monthly_revenue) AS DOUBLE) AS monthly_revenue
        FROM dated_customers
        GROUP BY customer_id
    ) AS known ON customer_segments.customer_id = known.customer_id
    LEFT JOIN (
        SELECT customer_id, min(ordered_on) AS first_on FROM daily_orders GROUP BY customer_id
    ) AS bought ON customer_segments.customer_id = bought.customer_id
    WHERE
        (known.customer_id IS NOT NULL OR bought.customer_id IS NOT NULL)
        AND (cast($segment AS VARCHAR) IS NULL OR customer_segments.segment = cast($segment AS VARCHAR))
),

answers AS (
    SELECT
        customer_id,
        answered_on,
        metric,
        is_low,
        CASE WHEN is_high THEN 'high' WHEN is_low THEN 'low' ELSE 'middle' END AS band
    FROM scored_answers
    WHERE
        answered_on <= cast($as_of AS DATE)
        AND answered_on >= coalesce(cast($first_on AS DATE), answered_on)
        AND answered_on <= coalesce(cast($last_on AS DATE), answered_on)
        AND (cast($touchpoint AS VARCHAR) IS NULL OR touchpoint = cast($touchpoint AS VARCHAR))
        AND (cast($channel AS VARCHAR) IS NULL OR channel = cast($channel AS VARCHAR))
),

bad_days AS (
    SELECT customer_id, answered_on, row_number() OVER (PARTITION BY customer_id ORDER BY answered_on) AS place
    FROM (SELECT DISTINCT customer_id, answered_on FROM answers WHERE is_low) AS days
),

heard AS (
    SELECT
        customer_id,
        min(CASE WHEN kind = 'answer' THEN heard_on END) AS answered_on,
        min(heard_on) AS heard_on
    FROM (
        SELECT customer_id, answered_on AS heard_on, 'answer' AS kind FROM scored_answers
        UNION ALL
        SELECT customer_id, opened_on AS heard_on, 'contact' AS kind FROM contacts
    ) AS everything
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
),

months AS (
    SELECT
        date_trunc('month', min(answered_on)) AS first_month,
        date_diff('month', min(answered_on), max(answered_on)) + 1 AS number
    FROM answers
),

drawn AS (
    SELECT
        lives.customer_id,
        cast(months.first_month + to_months(cast(md5_number_lower(lives.customer_id) % months.number AS INTEGER)) AS DATE) AS month
    FROM lives
    CROSS JOIN months
    WHERE months.number IS NOT NULL
),

silent AS (
    SELECT
        drawn.customer_id,
        drawn.month,
        coalesce(heard.answered_on >= drawn.month + INTERVAL '1' MONTH, true) AS is_unasked,
        coalesce(heard.heard_on >= drawn.month + INTERVAL '1' MONTH, true) AS is_unheard
    FROM drawn
    INNER JOIN lives ON drawn.customer_id = lives.customer_id
    LEFT JOIN heard ON drawn.customer_id = heard.customer_id
    WHERE
        lives.joined_on < drawn.month + INTERVAL '1' MONTH
        AND (lives.left_on IS NULL OR lives.left_on >= drawn.month + INTERVAL '1' MONTH)
),

starts AS (
    SELECT metric, arg_min(band, (answered_on, band)) AS band, customer_id, min(answered_on) AS starts_on
    FROM answers
    GROUP BY metric, customer_id
    UNION ALL
    SELECT 'bad' AS metric, cast(place AS VARCHAR) AS band, customer_id, answered_on AS starts_on FROM bad_days WHERE place <= 3
    UNION ALL
    SELECT 'silent' AS metric, 'unasked' AS band, customer_id, month AS starts_on FROM silent WHERE is_unasked
    UNION ALL
    SELECT 'silent' AS metric, 'unheard' AS band, customer_id, month AS starts_on FROM silent WHERE is_unheard
),

watched AS (
    SELECT
        starts.metric,
        starts.band,
        starts.customer_id,
        lives.monthly_revenue,
        cast(date_trunc('month', starts.starts_on) + INTERVAL '1' MONTH AS DATE) AS from_on,
        date_diff('month', date_trunc('month', starts.starts_on) + INTERVAL '1' MONTH, lives.left_on) + 1 AS left_in,
        date_diff('month', date_trunc('month', starts.starts_on) + INTERVAL '1' MONTH, cast($as_of AS DATE) + INTERVAL '1' DAY) AS seen,
        coalesce(lives.left_on <= cast($as_of AS DATE), false) AS is_gone
    FROM starts
    INNER JOIN lives ON starts.customer_id = lives.customer_id
),

followed AS (
    SELECT
        metric,
        band,
        customer_id,
        monthly_revenue,
        from_on,
        CASE
            WHEN is_gone AND left_in <= 0 THEN 'already_left'
            WHEN seen <= 0 THEN 'too_recent'
        END AS left_out,
        is_gone AND left_in <= least(seen, cast($within_months AS BIGINT)) AS has_left,
        least(CASE WHEN is_gone THEN left_in ELSE seen END, seen, cast($within_months AS BIGINT)) AS months
    FROM watched
),

spent AS (
    SELECT
        followed.metric,
        followed.band,
        followed.customer_id,
        cast(sum(amounts.amount) AS DOUBLE) AS spend,
        min(date_diff('month', followed.from_on, amounts.month) + 1) AS ordered_in
    FROM followed
    INNER JOIN (
        SELECT customer_id, cast(date_trunc('month', ordered_on) AS DATE) AS month, sum(amount) AS amount
        FROM daily_orders
        GROUP BY customer_id, cast(date_trunc('month', ordered_on) AS DATE)
    ) AS amounts ON followed.customer_id = amounts.customer_id
    WHERE
        followed.left_out IS NULL
        AND amounts.month >= followed.from_on
        AND amounts.month < followed.from_on + to_months(cast(followed.months AS INTEGER))
    GROUP BY followed.metric, followed.band, followed.customer_id
),

served AS (
    SELECT followed.metric, followed.band, followed.customer_id, cast(sum(contacts.cost) AS DOUBLE) AS cost
    FROM followed
    INNER JOIN contacts ON followed.customer_id = contacts.customer_id
    WHERE
        followed.left_out IS NULL
        AND contacts.opened_on >= followed.from_on
        AND contacts.opened_on < followed.from_on + to_months(cast(followed.months AS INTEGER))
    GROUP BY followed.metric, followed.band, followed.customer_id
),

each_customer AS (
    SELECT
        followed.metric,
        followed.band,
        followed.left_out,
        CASE WHEN followed.left_out IS NULL THEN followed.months ELSE 0 END AS followed,
        followed.left_out IS NULL AND followed.has_left AS has_left,
        spent.ordered_in,
        CASE
            WHEN (SELECT count(*) FROM orders) > 0 THEN coalesce(spent.spend, 0)
            WHEN followed.left_out IS NULL THEN followed.monthly_revenue * followed.months
            ELSE 0
        END AS spend,
        coalesce(served.cost, 0) AS cost
    FROM followed
    LEFT JOIN spent
        ON followed.metric = spent.metric AND followed.band = spent.band AND followed.customer_id = spent.customer_id
    LEFT JOIN served
        ON followed.metric = served.metric AND followed.band = served.band AND followed.customer_id = served.customer_id
)

SELECT
    metric,
    band,
    left_out,
    cast(followed AS BIGINT) AS followed,
    has_left,
    cast(ordered_in AS BIGINT) AS ordered_in,
    count(*) AS customers,
    cast(sum(spend) AS DOUBLE) AS spend,
    cast(sum(spend * spend) AS DOUBLE) AS spend_squared,
    cast(sum(cost) AS DOUBLE) AS cost,
    cast(sum(cost * cost) AS DOUBLE) AS cost_squared
FROM each_customer
GROUP BY metric, band, left_out, followed, has_left, ordered_in
ORDER BY metric, band, left_out NULLS FIRST, followed, has_left, ordered_in NULLS LAST
