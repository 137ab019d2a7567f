-- What were the figures of each body on each day on which something is judged, from statuses, posts and cells?
-- As org.figures has it: rows that ended by the first day of the year are not read; a body of which nothing was told by
-- that day is unknown. Lists follow MEASURES: members, full, voting, committee, cells, units, secretaries, discipline.
CREATE TABLE figures AS
WITH days AS (SELECT DISTINCT day FROM gates),
counted AS (
    SELECT c.over AS body, s.status, s.since, s.until
    FROM statuses s JOIN counting c ON c.body = s.body
    UNION ALL
    SELECT cell, status, since, until FROM statuses WHERE cell IS NOT NULL
),
belonging AS (
    SELECT
        s.body, d.day,
        count(*) FILTER (WHERE there) AS members,
        count(*) FILTER (WHERE there AND s.status IN ('full', 'probation-in-party')) AS full_members,
        count(*) FILTER (WHERE there AND s.status = 'full') AS voting
    FROM counted s
    JOIN days d ON s.since <= d.day
    CROSS JOIN LATERAL (SELECT coalesce(s.until > d.day, true) AS there)
    WHERE coalesce(s.until > getvariable('first_day'), true) AND s.since <= getvariable('today')
    GROUP BY s.body, d.day
),
posted AS (
    SELECT
        p.body, d.day,
        count(DISTINCT p.member) FILTER (WHERE there) AS committee,
        count(DISTINCT p.member) FILTER (WHERE there AND p.title IN ('secretary', 'group-secretary')) AS secretaries,
        count(DISTINCT p.member) FILTER (WHERE there AND p.title = 'discipline-member') AS discipline,
        max(p.term_ends) FILTER (WHERE there) AS term_ends
    FROM posts p
    JOIN days d ON p.since <= d.day
    CROSS JOIN LATERAL (SELECT coalesce(p.until > d.day, true) AS there)
    WHERE coalesce(p.until > getvariable('first_day'), true) AND p.since <= getvariable('today')
    GROUP BY p.body, d.day
),
divided AS (
    SELECT c.body, d.day, count(*) FILTER (WHERE coalesce(c.ended > d.day, true)) AS cells
    FROM party_cells c JOIN days d ON c.founded <= d.day
    GROUP BY c.body, d.day
)
SELECT
    b.body, d.day,
    m.body IS NOT NULL OR l.body IS NOT NULL OR c.body IS NOT NULL AS known,
    [
        coalesce(m.members, 0), coalesce(m.full_members, 0), coalesce(m.voting, 0), coalesce(l.committee, 0),
        coalesce(c.cells, 0), j.units, coalesce(l.secretaries, 0), coalesce(l.discipline, 0)
    ]::INTEGER[] AS figures,
    l.term_ends
FROM bodies b
JOIN joint j ON j.body = b.body
CROSS JOIN days d
LEFT JOIN belonging m ON m.body = b.body AND m.day = d.day
LEFT JOIN posted l ON l.body = b.body AND l.day = d.day
LEFT JOIN divided c ON c.body = b.body AND c.day = d.day
