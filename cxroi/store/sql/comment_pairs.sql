-- comment_pairs: in how many comments two of some words stand together.
-- Grain       one row per (word, other) of $words in one comment, word before other in the alphabet
-- Parameters  $words    VARCHAR  words, letters alike, parted by spaces
-- Returns     word      VARCHAR
--             other     VARCHAR
--             comments  BIGINT
WITH chosen AS (
    SELECT DISTINCT comment_id, word
    FROM comment_tokens
    WHERE list_contains(string_split(cast($words AS VARCHAR), ' '), word)
)

SELECT one.word, two.word AS other, count(*) AS comments
FROM chosen AS one
INNER JOIN chosen AS two ON one.comment_id = two.comment_id AND one.word < two.word
GROUP BY one.word, two.word
ORDER BY one.word, two.word
