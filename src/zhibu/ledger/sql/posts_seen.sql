-- Which committee posts were held at some time of the year? One that ended as it began is kept, to tell a re-election.
CREATE TABLE posts_seen AS
SELECT *
FROM posts
WHERE title NOT IN ('group-secretary', 'group-member')
    AND coalesce(until >= getvariable('first_day'), true) AND since <= getvariable('last_seen')
