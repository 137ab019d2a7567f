-- Which cells are there, and which of them are not asked for or cannot be told, why?
CREATE OR REPLACE VIEW frame AS
SELECT
    b.body, a.*,
    CASE
        WHEN a.begins THEN 'in-force-during-period'
        WHEN b.founded > a.judged THEN 'not-founded-yet'
        WHEN 2 * (a.finish - b.founded + 1) < a.days THEN 'founded-during-period'
        WHEN b.ended <= a.finish THEN 'ended'
        WHEN o.failed IS NOT NULL THEN 'condition-not-met'
        WHEN a.finish < b.recording_since THEN 'before-records'
        WHEN o.unknown IS NOT NULL THEN 'no-figures'
    END AS excuse,
    o.figure AS excuse_figure,
    coalesce(o.failed, o.unknown) AS excuse_place
FROM asks a
JOIN concerns c ON c.rule = a.rule
JOIN bodies b ON b.class = c.class AND b.body BETWEEN a.first AND a.last
LEFT JOIN obstacles o ON o.gate = a.gate AND o.body = b.body
