-- comment_quotes: one comment for each of some words, of happy or of unhappy customers.
-- Grain       one row per word of $words that such a comment has
-- Parameters  $words       VARCHAR  words, letters alike, parted by spaces
--             $happy       BOOLEAN  of happy answers, else of unhappy ones
--             $first_on    DATE     first day of an answer; NULL for all
--             $last_on     DATE     and the last
--             $segment     VARCHAR  only of this segment; NULL for all
--             $touchpoint  VARCHAR  and of this touchpoint
--             $channel     VARCHAR  and of this channel
--             $written_in  VARCHAR  and in this language, as answers say it; NULL for all
-- Returns     word         VARCHAR
--             comment      VARCHAR  the one nearest to eighty letters, as it was written: not to be shown before it was made safe
SELECT
    comment_tokens.word,
    arg_min(comment_tokens.comment, (abs(length(comment_tokens.comment) - 80), comment_tokens.comment)) AS comment
FROM comment_tokens
LEFT JOIN customer_segments ON comment_tokens.customer_id = customer_segments.customer_id
WHERE
    list_contains(string_split(cast($words AS VARCHAR), ' '), comment_tokens.word)
    AND CASE WHEN cast($happy AS BOOLEAN) THEN comment_tokens.is_high ELSE comment_tokens.is_low END
    AND comment_tokens.answered_on >= coalesce(cast($first_on AS DATE), comment_tokens.answered_on)
    AND comment_tokens.answered_on <= coalesce(cast($last_on AS DATE), comment_tokens.answered_on)
    AND (cast($touchpoint AS VARCHAR) IS NULL OR comment_tokens.touchpoint = cast($touchpoint AS VARCHAR))
    AND (cast($channel AS VARCHAR) IS NULL OR comment_tokens.channel = cast($channel AS VARCHAR))
    AND (cast($written_in AS VARCHAR) IS NULL OR lower(comment_tokens.said_language) = lower(cast($written_in AS VARCHAR)))
    AND (cast($segment AS VARCHAR) IS NULL OR coalesce(customer_segments.segment, comment_tokens.segment) = cast($segment AS VARCHAR))
GROUP BY comment_tokens.word
ORDER BY comment_tokens.word
