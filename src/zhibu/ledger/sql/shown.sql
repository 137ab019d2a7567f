-- What do the sentences of the cells of these bodies need?
SELECT
    c.body, c.ask, c.code, c.number, c.total, c.happened, c.evidence,
    r.held, r.recorded, r.entitled, r.present, r.lacks, c.record, e.reason
FROM cells c
LEFT JOIN records r ON r.record = c.record AND r.body = c.body
LEFT JOIN explained e ON c.code = 'missing-explained' AND e.body = c.body AND e.ask = c.ask
WHERE c.body BETWEEN $first AND $last
ORDER BY c.body, c.ask
