-- How was each event of the year followed: in time, after its limit, by an unsound record, or not yet?
-- `progress` orders the answers as PROGRESS of standing.py does; the worst speaks for the body.
CREATE TABLE followed AS
WITH happened AS (
    SELECT
        e.body, p.matter, e.day, e.id,
        CASE WHEN p.months > 0 THEN CAST(e.day + to_months(p.months) AS DATE) ELSE e.day + p.days END AS due
    FROM events e JOIN pursuits p ON p.event = e.kind
    WHERE e.day BETWEEN getvariable('first_day') AND getvariable('last_day')
),
steps AS (
    SELECT
        r.body, m.matter, r.record, r.held, r.lacking,
        NOT r.lacking AND (NOT m.quorum OR 2 * r.present >= r.entitled) AS sound
    FROM records r
    JOIN matches m ON m.sort = r.sort
    WHERE m.matter IN (SELECT matter FROM pursuits) AND r.held <= getvariable('today')
),
counted AS (
    SELECT
        h.body, h.matter, h.day, h.id, h.due,
        coalesce(bool_or(s.sound AND s.held <= h.due), false) AS in_time,
        min(s.record) FILTER (WHERE s.held <= h.due) AS first,
        min(s.record) FILTER (WHERE s.held <= h.due AND s.lacking) AS first_lacking,
        min(s.record) FILTER (WHERE s.held > h.due AND s.sound) AS after
    FROM happened h
    LEFT JOIN steps s ON s.body = h.body AND s.matter = h.matter AND s.held >= h.day
    GROUP BY h.body, h.matter, h.day, h.id, h.due
)
SELECT *, CASE
        WHEN in_time THEN {'progress': 4, 'code': 'done-in-time', 'record': NULL}
        WHEN after IS NOT NULL THEN {'progress': 3, 'code': 'done-after-limit', 'record': after}
        WHEN first = first_lacking THEN {'progress': 2, 'code': 'lacks-fields', 'record': first}
        WHEN first IS NOT NULL THEN {'progress': 2, 'code': 'no-quorum', 'record': first}
        WHEN getvariable('today') <= due THEN {'progress': 1, 'code': 'limit-ahead', 'record': NULL}
        ELSE {'progress': 0, 'code': 'limit-passed', 'record': NULL}
    END AS answer
FROM counted
