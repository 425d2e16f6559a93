-- comment_words: how many comments of happy and of unhappy customers use each word.
-- Grain       one row per (language, word) in at least $fewest comments, and one per language with the word '' for all words
-- Parameters  $first_on    DATE     first day of an answer; NULL for all
--             $last_on     DATE     and the last
--             $segment     VARCHAR  only of this segment; NULL for all
--             $touchpoint  VARCHAR  and of this touchpoint
--             $channel     VARCHAR  and of this channel
--             $written_in  VARCHAR  and in this language, as answers say it; NULL for all
--             $fewest      BIGINT   fewest comments of a word
--             $without     VARCHAR  words that say nothing, parted by spaces, letters alike
-- Returns     language        VARCHAR  ar or other
--             word            VARCHAR  letters alike; '' for all words together
--             written         VARCHAR  as it is written most often; NULL for all
--             high            BIGINT   comments of happy answers with the word; of all: such words in such comments
--             low             BIGINT   comments of unhappy answers with the word
--             everywhere      BIGINT   all comments with the word
--             customers_high  BIGINT   who wrote those
--             customers_low   BIGINT
--             comments_high   BIGINT   comments of happy answers in this language
--             comments_low    BIGINT   and of unhappy ones
-- Notes       Each word counts once a comment. Happy: a promoter (nps), satisfied (csat), easy (ces); unhappy: a detractor,
--             not satisfied, not easy.
WITH tokens AS (
    SELECT
        comment_tokens.comment_id,
        comment_tokens.customer_key,
        comment_tokens.is_high,
        comment_tokens.is_low,
        comment_tokens.written,
        comment_tokens.word,
        comment_tokens.language
    FROM comment_tokens
    LEFT JOIN customer_segments ON comment_tokens.customer_id = customer_segments.customer_id
    WHERE
        comment_tokens.answered_on >= coalesce(cast($first_on AS DATE), comment_tokens.answered_on)
        AND comment_tokens.answered_on <= coalesce(cast($last_on AS DATE), comment_tokens.answered_on)
        AND (cast($touchpoint AS VARCHAR) IS NULL OR comment_tokens.touchpoint = cast($touchpoint AS VARCHAR))
        AND (cast($channel AS VARCHAR) IS NULL OR comment_tokens.channel = cast($channel AS VARCHAR))
        AND (cast($written_in AS VARCHAR) IS NULL OR lower(comment_tokens.said_language) = lower(cast($written_in AS VARCHAR)))
        AND (cast($segment AS VARCHAR) IS NULL OR coalesce(customer_segments.segment, comment_tokens.segment) = cast($segment AS VARCHAR))
        AND length(comment_tokens.word) >= CASE WHEN comment_tokens.language = 'ar' THEN 2 ELSE 3 END
        AND NOT list_contains(string_split(cast($without AS VARCHAR), ' '), comment_tokens.word)
),

comments AS (
    SELECT
        language,
        count(DISTINCT CASE WHEN is_high THEN comment_id END) AS comments_high,
        count(DISTINCT CASE WHEN is_low THEN comment_id END) AS comments_low
    FROM tokens
    GROUP BY language
),

words AS (
    SELECT
        language,
        word,
        mode(written) AS written,
        count(DISTINCT CASE WHEN is_high THEN comment_id END) AS high,
        count(DISTINCT CASE WHEN is_low THEN comment_id END) AS low,
        count(DISTINCT comment_id) AS everywhere,
        count(DISTINCT CASE WHEN is_high THEN customer_key END) AS customers_high,
        count(DISTINCT CASE WHEN is_low THEN customer_key END) AS customers_low
    FROM tokens
    GROUP BY language, word
)

SELECT
    words.language,
    words.word,
    words.written,
    words.high,
    words.low,
    words.everywhere,
    words.customers_high,
    words.customers_low,
    comments.comments_high,
    comments.comments_low
FROM words
INNER JOIN comments ON words.language = comments.language
WHERE words.everywhere >= cast($fewest AS BIGINT)
UNION ALL
SELECT
    words.language,
    '' AS word,
    NULL AS written,
    cast(sum(words.high) AS BIGINT) AS high,
    cast(sum(words.low) AS BIGINT) AS low,
    cast(sum(words.everywhere) AS BIGINT) AS everywhere,
    0 AS customers_high,
    0 AS customers_low,
    max(comments.comments_high) AS comments_high,
    max(comments.comments_low) AS comments_low
FROM words
INNER JOIN comments ON words.language = comments.language
GROUP BY words.language
ORDER BY language, word
