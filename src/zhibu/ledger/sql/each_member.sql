-- Has everybody of the group reached the hours? The evidence are all records that give hours.
INSERT INTO cells
WITH reached AS (
    SELECT
        m.body, b.matter,
        count(*) AS total,
        count(*) FILTER (WHERE m.hours >= b.hours) AS reached,
        count(*) FILTER (WHERE m.hours > 0) AS started
    FROM members m JOIN bars b ON b.rank = m.rank
    WHERE NOT m.exempt
    GROUP BY m.body, b.matter
),
giving AS (
    SELECT body, count(*) AS records
    FROM records
    WHERE hours > 0 AND held BETWEEN getvariable('first_day') AND getvariable('last_day')
    GROUP BY body
),
judged AS (
    SELECT
        a.*, h.total, coalesce(h.reached, 0) AS reached, coalesce(g.records, 0) AS records,
        coalesce(excuse, CASE
            WHEN h.total IS NULL THEN 'nobody-in-group'
            WHEN h.reached = h.total THEN 'hours-reached'
            WHEN a.running THEN 'hours-due-by'
            WHEN h.started > 0 THEN 'hours-too-few'
            ELSE 'no-hours'
        END) AS code
    FROM frame a
    LEFT JOIN reached h ON h.body = a.body AND h.matter = a.matter
    LEFT JOIN giving g ON g.body = a.body
    WHERE a.shape = 'each-member'
)
SELECT
    body, ask, code,
    CASE WHEN excuse IS NULL THEN reached ELSE excuse_figure END AS number,
    CASE WHEN excuse IS NULL THEN coalesce(total, 0) ELSE excuse_place END AS total,
    NULL AS record, NULL AS happened,
    CASE WHEN excuse IS NULL AND total IS NOT NULL THEN records ELSE 0 END AS evidence
FROM judged
