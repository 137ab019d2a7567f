-- Does every record of a kind keep its proportion? Where some do not, these are the evidence and the first speaks.
INSERT INTO cells
WITH counted AS (
    SELECT
        body, matter, count(*) AS total,
        count(*) FILTER (WHERE wrong) AS wrong,
        min(record) FILTER (WHERE wrong) AS first_wrong
    FROM audited
    GROUP BY body, matter
),
judged AS (
    SELECT a.*, c.total, c.wrong, c.first_wrong,
        coalesce(a.excuse, CASE
            WHEN c.total IS NULL THEN 'no-such-record'
            WHEN c.wrong = 0 AND a.shape = 'quorum' THEN 'all-quorate'
            WHEN c.wrong = 0 THEN 'within-share'
            WHEN a.shape = 'quorum' THEN 'below-quorum'
            ELSE 'above-share'
        END) AS code
    FROM frame a
    LEFT JOIN counted c ON c.body = a.body AND c.matter = a.matter
    WHERE a.shape IN ('quorum', 'share')
)
SELECT
    body, ask, code,
    excuse_figure AS number,
    CASE WHEN excuse IS NULL THEN total ELSE excuse_place END AS total,
    CASE WHEN excuse IS NULL THEN first_wrong END AS record,
    NULL AS happened,
    CASE WHEN excuse IS NOT NULL OR total IS NULL THEN 0 WHEN wrong = 0 THEN total ELSE wrong END AS evidence
FROM judged
