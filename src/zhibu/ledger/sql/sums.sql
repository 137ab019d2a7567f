-- How many cells of each duty stand how among the bodies directly below each inner body?
SELECT b.parent, a.rule, enum_code(c.code) AS code, count(*) AS cells
FROM cells c
JOIN asks a ON a.ask = c.ask
JOIN bodies b ON b.body = c.body
WHERE b.parent IS NOT NULL
GROUP BY b.parent, a.rule, c.code
