-- Which records are the evidence of the cells of these bodies, by day held, then id?
WITH shown AS (
    SELECT c.body, c.ask, c.code, a.shape, a.matter, a.site, a.start, a.judged
    FROM cells c JOIN asks a ON a.ask = c.ask
    WHERE c.evidence > 0 AND c.body BETWEEN $first AND $last
),
own AS (SELECT * FROM records WHERE body BETWEEN $first AND $last),
proof AS (
    SELECT s.body, s.ask, r.record
    FROM shown s
    JOIN own r ON r.body = s.body
    JOIN matches m ON m.sort = r.sort AND m.matter = s.matter
    JOIN calendar d ON d.matter = s.matter AND d.site = s.site AND d.day = r.held
    WHERE s.shape = 'at-least'
        AND (d.in_period OR (
            s.code NOT IN ('met', 'met-outside-usual-months', 'recorded-late')
            AND NOT r.lacking AND (NOT m.quorum OR 2 * r.present >= r.entitled)
        ))
    UNION ALL
    SELECT s.body, s.ask, r.record
    FROM shown s JOIN own r ON r.body = s.body AND r.hours > 0 AND r.held BETWEEN s.start AND s.judged
    WHERE s.shape = 'each-member'
    UNION ALL
    SELECT s.body, s.ask, f.record
    FROM shown s JOIN following f ON f.body = s.body AND f.matter = s.matter
    WHERE s.shape = 'within'
    UNION ALL
    SELECT s.body, s.ask, u.record
    FROM shown s JOIN audited u ON u.body = s.body AND u.matter = s.matter
    WHERE s.shape IN ('quorum', 'share') AND (u.wrong OR s.code IN ('all-quorate', 'within-share'))
)
SELECT p.body, p.ask, list(r.id ORDER BY p.record) AS evidence
FROM proof p JOIN own r ON r.record = p.record
GROUP BY p.body, p.ask
