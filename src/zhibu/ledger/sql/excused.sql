-- What is missing may have been explained: it stays missing, with the reason beside it.
UPDATE cells SET code = 'missing-explained'
FROM explained e
WHERE e.body = cells.body AND e.ask = cells.ask AND cells.code IN (SELECT code FROM codes WHERE status = 'missing')
