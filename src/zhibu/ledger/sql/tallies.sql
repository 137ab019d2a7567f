-- How many cells of each duty stand how, below every inner body? Bodies are numbered depth first, so those below one
-- are exactly those whose parent's number lies in its own range.
WITH sums AS (
    SELECT b.parent, a.rule, c.code, count(*) AS cells
    FROM cells c
    JOIN asks a ON a.ask = c.ask
    JOIN bodies b ON b.body = c.body
    WHERE b.parent IS NOT NULL
    GROUP BY b.parent, a.rule, c.code
)
SELECT n.body, s.rule, s.code, CAST(sum(s.cells) AS BIGINT) AS cells
FROM bodies n
JOIN sums s ON s.parent BETWEEN n.body AND n.last
WHERE n.last > n.body
GROUP BY n.body, s.rule, s.code
