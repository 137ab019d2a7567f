-- What did each member do this year, in which groups (bit 1: committee, bit 2: new secretary), and is anybody exempt:
-- cared for, or not there without a gap from the first to the last day seen?
CREATE TABLE members AS
WITH spans AS (
    SELECT
        *, coalesce(until, DATE '9999-12-31') AS ends,
        max(coalesce(until, DATE '9999-12-31')) OVER (
            PARTITION BY body, member ORDER BY since ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM statuses
    WHERE coalesce(until > getvariable('first_day'), true) AND since <= getvariable('last_seen')
),
there AS (
    SELECT
        body, member,
        max(ends) > getvariable('last_seen')
        AND NOT bool_or(since > greatest(getvariable('first_day'), coalesce(reached, getvariable('first_day')))) AS whole
    FROM spans
    GROUP BY body, member
),
serving AS (SELECT DISTINCT body, member FROM posts_seen WHERE coalesce(until > getvariable('last_seen'), true)),
appointed AS (SELECT DISTINCT body, member FROM appointments)
SELECT
    t.body, t.member,
    (s.member IS NOT NULL)::INTEGER + 2 * (a.member IS NOT NULL)::INTEGER AS rank,
    coalesce(h.hours, 0) AS hours,
    p.cared_for OR NOT t.whole AS exempt
FROM there t
JOIN people p ON p.member = t.member
LEFT JOIN studied h ON h.member = t.member
LEFT JOIN serving s ON s.body = t.body AND s.member = t.member
LEFT JOIN appointed a ON a.body = t.body AND a.member = t.member
