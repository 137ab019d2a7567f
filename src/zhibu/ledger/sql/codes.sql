-- The code of every cell, by its place in the table of reasons.
SELECT body, ask, enum_code(code) AS code FROM cells
