-- Which secretaries' posts begin this year and do not merely go on after a re-election?
CREATE TABLE appointments AS
SELECT *
FROM posts_seen p
WHERE title = 'secretary' AND since BETWEEN getvariable('first_day') AND getvariable('last_seen')
    AND NOT EXISTS (
        FROM posts_seen o
        WHERE o.title = 'secretary' AND o.body = p.body AND o.member = p.member AND o.until = p.since
    )
