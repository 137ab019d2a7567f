-- What were the figures of each body on each day on which something is judged? Unknown before the first profile.
CREATE TABLE figures AS
SELECT b.body, d.day, p.body IS NOT NULL AS known, p.figures, p.term_ends
FROM bodies b
CROSS JOIN (SELECT DISTINCT day FROM gates) d
LEFT JOIN profiles p ON p.body = b.body AND p.since <= d.day AND d.day < p.until
