-- What is permitted is never owed, and what is missing may have been explained.
CREATE OR REPLACE MACRO allowed(code, may, explained) AS CASE
    WHEN may AND list_contains(getvariable('not_owed'), code) THEN 'optional'
    WHEN explained AND list_contains(getvariable('missing'), code) THEN 'missing-explained'
    ELSE code
END;

-- Days since the term ended; unknown where no term is. (greatest() would make nought of that.)
CREATE OR REPLACE MACRO overrun(day, term_ends) AS CASE WHEN term_ends IS NOT NULL THEN greatest(0, day - term_ends) END;
