"""Letters that people write one for the other."""

# the forms of alef and ya, ta marbuta, vowel marks, the stroke and marks of direction
ARABIC_LETTERS = str.maketrans("أإآىة", "ااايه", "ًٌٍَُِّْـ\u200e\u200f\u061c")
