-- What was done for each matter in each period? A record counts once, however many duties ask for it.
-- Records are numbered by day held, then id: the smallest number is the first.
CREATE TABLE found AS
SELECT
    body, site,
    count(*) FILTER (WHERE in_period) AS in_period,
    count(*) FILTER (WHERE sound) AS sound,
    count(*) FILTER (WHERE sound AND in_period) AS sound_in_period,
    count(*) FILTER (WHERE sound AND in_period AND NOT late) AS prompt,
    bit_or(CASE WHEN sound AND in_period AND NOT late THEN 1 << month(held) ELSE 0 END) AS prompt_months,
    min(record) FILTER (WHERE sound AND in_period AND late) AS first_late,
    min(record) FILTER (WHERE sound AND NOT in_period) AS first_after,
    min(record) FILTER (WHERE in_period AND NOT sound) AS first_fault,
    min(record) FILTER (WHERE in_period AND lacking) AS first_lacking
FROM (
    SELECT
        r.body, d.site, r.record, r.held, r.lacking, d.in_period,
        NOT r.lacking AND (NOT m.quorum OR 2 * r.present >= r.entitled) AS sound,
        r.recorded - r.held > getvariable('late_days') AS late
    FROM records r
    JOIN matches m ON m.sort = r.sort
    JOIN calendar d ON d.matter = m.matter AND d.day = r.held
)
GROUP BY body, site
