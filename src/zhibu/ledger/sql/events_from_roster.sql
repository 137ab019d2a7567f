-- What happened this year that starts a deadline? Two committee posts that begin on one day are an election. An
-- admission is the first status of somebody who is probationary.
INSERT INTO events
SELECT body, 'secretary-appointed', since, id FROM appointments
UNION ALL
SELECT body, 'committee-elected', since, 0
FROM posts_seen
WHERE since BETWEEN getvariable('first_day') AND getvariable('last_seen')
GROUP BY body, since
HAVING count(*) >= 2
UNION ALL
SELECT body, 'branch-founded', founded, 0
FROM bodies
WHERE founded BETWEEN getvariable('first_day') AND getvariable('last_seen')
UNION ALL
SELECT s.body, 'member-admitted', s.since, s.id
FROM statuses s
WHERE s.status = 'probationary' AND s.since BETWEEN getvariable('first_day') AND getvariable('last_seen')
    AND NOT EXISTS (
        FROM statuses o
        WHERE o.body = s.body AND o.member = s.member AND o.since < s.since
            AND coalesce(o.until > getvariable('first_day'), true)
    )
