-- Days since the term ended; unknown where no term is. (greatest() would make nought of that.)
CREATE OR REPLACE MACRO overrun(day, term_ends) AS CASE WHEN term_ends IS NOT NULL THEN greatest(0, day - term_ends) END;
