-- So many sound records in the period: which cells are done, late, defective, still due or missing?
INSERT INTO cells
WITH counted AS (
    SELECT
        a.*,
        coalesce(f.in_period, 0) AS in_period,
        coalesce(f.in_period + f.sound - f.sound_in_period, 0) AS counted,
        coalesce(f.sound, 0) AS sound,
        coalesce(f.sound_in_period, 0) AS sound_in_period,
        coalesce(f.prompt, 0) AS prompt,
        f.prompt_months, f.first_late, f.first_after, f.first_fault, f.first_lacking
    FROM frame a
    LEFT JOIN found f ON f.body = a.body AND f.site = a.site
    WHERE a.shape = 'at-least'
),
judged AS (
    SELECT *, coalesce(excuse, CASE
        WHEN prompt >= count AND months <> 0 AND months & prompt_months = 0 THEN 'met-outside-usual-months'
        WHEN prompt >= count THEN 'met'
        WHEN sound_in_period >= count THEN 'recorded-late'
        WHEN sound >= count THEN 'held-late'
        WHEN counted >= count AND first_fault = first_lacking THEN 'lacks-fields'
        WHEN counted >= count THEN 'no-quorum'
        WHEN running THEN 'due-by'
        WHEN in_grace THEN 'in-grace'
        WHEN counted > 0 THEN 'too-few'
        WHEN numbered THEN 'none-recorded'
        ELSE 'no-number-in-text'
    END) AS code
    FROM counted
)
SELECT
    body, ask, code,
    CASE
        WHEN excuse IS NOT NULL THEN excuse_figure
        WHEN prompt >= count THEN prompt
        WHEN code = 'due-by' THEN count - sound
        ELSE counted
    END AS number,
    excuse_place AS total,
    CASE code
        WHEN 'recorded-late' THEN first_late
        WHEN 'held-late' THEN first_after
        WHEN 'lacks-fields' THEN first_fault
        WHEN 'no-quorum' THEN first_fault
    END AS record,
    NULL AS happened,
    CASE
        WHEN excuse IS NOT NULL THEN 0
        WHEN sound_in_period >= count THEN in_period
        ELSE counted
    END AS evidence
FROM judged
