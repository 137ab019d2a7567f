-- How does each body stand that had to follow its events within a limit?
INSERT INTO cells
WITH worst AS (
    SELECT
        body, matter, count(*) AS total,
        arg_min({'answer': answer, 'day': day}, {'progress': answer.progress, 'day': day, 'id': id}) AS one
    FROM followed
    GROUP BY body, matter
),
answering AS (SELECT body, matter, count(*) AS records FROM following GROUP BY body, matter),
judged AS (
    SELECT a.*, w.total, w.one, coalesce(n.records, 0) AS records,
        coalesce(a.excuse, w.one.answer.code, 'no-such-event') AS code
    FROM frame a
    LEFT JOIN worst w ON w.body = a.body AND w.matter = a.matter
    LEFT JOIN answering n ON n.body = a.body AND n.matter = a.matter
    WHERE a.shape = 'within'
)
SELECT
    body, ask, code,
    excuse_figure AS number,
    CASE WHEN excuse IS NULL THEN total ELSE excuse_place END AS total,
    CASE WHEN excuse IS NULL THEN one.answer.record END AS record,
    CASE WHEN excuse IS NULL THEN one.day END AS happened,
    CASE WHEN excuse IS NULL THEN records ELSE 0 END AS evidence
FROM judged
