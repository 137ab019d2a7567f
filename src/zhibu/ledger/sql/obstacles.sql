-- For which bodies is a condition not met, or its figure not known? The first of each speaks.
CREATE TABLE obstacles AS
WITH seen AS (
    SELECT
        g.gate, f.body, g.place, g.low, g.high,
        CASE
            WHEN NOT f.known THEN NULL
            WHEN g.measure = 0 THEN overrun(g.day, f.term_ends)
            ELSE f.figures[g.measure]
        END AS figure
    FROM gates g JOIN figures f ON f.day = g.day
),
troubled AS (
    SELECT *, figure < low OR figure > high AS failed
    FROM seen
    WHERE figure IS NULL OR figure < low OR figure > high
)
SELECT
    gate, body,
    min(place) FILTER (WHERE failed) AS failed,
    arg_min(figure, place) FILTER (WHERE failed) AS figure,
    min(place) FILTER (WHERE figure IS NULL) AS unknown
FROM troubled
GROUP BY gate, body
