-- comment_tokens: the words of survey comments, letters and prefixes of Arabic made alike.
-- Grain       one row per (comment, word)
-- Returns     comment_id    BIGINT   a number that stands for the comment, good for one query only
--             customer_key  VARCHAR  the customer, or the comment itself where nobody is named
--             answered_on   DATE
--             metric        VARCHAR  nps, csat or ces
--             is_high       BOOLEAN
--             is_low        BOOLEAN
--             segment       VARCHAR  as the answer says it
--             customer_id   VARCHAR
--             touchpoint    VARCHAR
--             channel       VARCHAR
--             comment       VARCHAR  as it was written
--             said_language VARCHAR  of the comment, as the answer says it; NULL where it does not
--             written       VARCHAR  the word as it was written, in small letters
--             word          VARCHAR  the same without accents and prefixes, its letters alike
--             language      VARCHAR  ar for a word in Arabic letters, else other
-- Notes       Arabic: vowel signs and the long stroke go, forms of alef are one letter, so are final ya and ta marbuta with the
--             letters that are typed for them; the article and what is written onto it (and, with, to, as) go where three
--             letters stay (the prefixes of the light stemmer of Larkey, Ballesteros & Connell 2002).
--             The engine keeps this query as a view of the same name for the other queries.
WITH numbered AS (
    SELECT
        row_number() OVER () AS comment_id,
        customer_id,
        answered_on,
        metric,
        is_high,
        is_low,
        segment,
        touchpoint,
        channel,
        comment,
        language AS said_language
    FROM scored_answers
    WHERE comment IS NOT NULL
),

written AS (
    SELECT
        numbered.*,
        unnest(list_distinct(regexp_extract_all(lower(comment), '[\p{L}][\p{L}\p{M}'']+'))) AS written
    FROM numbered
),

plain AS (
    SELECT
        *,
        regexp_matches(written, '[\x{0620}-\x{064A}]') AS is_arabic,
        translate(
            regexp_replace(written, '[\x{064B}-\x{065F}\x{0670}\x{0640}'']', '', 'g'),
            'أإآٱىةؤئ',
            'اااايهوي'
        ) AS bare
    FROM written
)

SELECT
    comment_id,
    coalesce(customer_id, '#' || cast(comment_id AS VARCHAR)) AS customer_key,
    answered_on,
    metric,
    is_high,
    is_low,
    segment,
    customer_id,
    touchpoint,
    channel,
    comment,
    said_language,
    written,
    CASE
        WHEN is_arabic THEN regexp_replace(bare, '^(?:وال|فال|بال|كال|ولل|لل|ال|و)(.{3,})$', '\1')
        ELSE strip_accents(bare)
    END AS word,
    CASE WHEN is_arabic THEN 'ar' ELSE 'other' END AS language
FROM plain
