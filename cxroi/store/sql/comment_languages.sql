-- comment_languages: the languages in which comments are written, as answers say it.
-- Grain       one row per language of at least $fewest comments
-- Parameters  $fewest   BIGINT   fewest comments of a language
-- Returns     language  VARCHAR  as it is written most often
--             comments  BIGINT
SELECT mode(language) AS language, count(*) AS comments
FROM scored_answers
WHERE comment IS NOT NULL AND language IS NOT NULL
GROUP BY lower(language)
HAVING count(*) >= cast($fewest AS BIGINT)
ORDER BY comments DESC, language
