-- Which records answer the events of the year? All within the limit, or besides them the first sound one after it.
CREATE TABLE following AS
SELECT DISTINCT f.body, f.matter, r.record
FROM followed f
JOIN records r ON r.body = f.body AND r.held BETWEEN f.day AND getvariable('today')
JOIN matches m ON m.sort = r.sort AND m.matter = f.matter
WHERE r.held <= f.due OR (r.record = f.after AND f.answer.code = 'done-after-limit')
