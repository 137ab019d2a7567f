-- Which records must each keep a proportion, and which do not? Of a quorum: present of entitled, those with somebody
-- entitled; of a share: one figure of another, those that have both.
CREATE TABLE audited AS
SELECT
    r.body, s.matter, r.record,
    CASE
        WHEN s.part IS NULL AND s.strict THEN r.present * s.denominator <= r.entitled * s.numerator
        WHEN s.part IS NULL THEN r.present * s.denominator < r.entitled * s.numerator
        ELSE p.value * s.denominator > w.value * s.numerator
    END AS wrong
FROM records r
JOIN matches m ON m.sort = r.sort
JOIN shares s ON s.matter = m.matter
LEFT JOIN measures p ON p.record = r.record AND p.measure = s.part
LEFT JOIN measures w ON w.record = r.record AND w.measure = s.whole
WHERE r.held BETWEEN getvariable('first_day') AND getvariable('last_day')
    AND CASE WHEN s.part IS NULL THEN r.entitled > 0 ELSE p.value IS NOT NULL AND w.value > 0 END
