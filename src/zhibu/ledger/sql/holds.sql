-- Does the figure of each body lie within bounds on the day judged?
INSERT INTO cells
WITH measured AS (
    SELECT
        a.*,
        coalesce(CASE WHEN a.measure = 0 THEN overrun(a.judged, f.term_ends) ELSE f.figures[a.measure] END, 0) AS figure
    FROM frame a
    LEFT JOIN figures f ON f.body = a.body AND f.day = a.judged
    WHERE a.shape = 'holds'
)
SELECT
    body, ask,
    coalesce(excuse, CASE WHEN figure < low OR figure > high THEN 'out-of-bounds' ELSE 'within-bounds' END) AS code,
    CASE WHEN excuse IS NULL THEN figure ELSE excuse_figure END AS number,
    excuse_place AS total, NULL AS record, NULL AS happened, 0 AS evidence
FROM measured
