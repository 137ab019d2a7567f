-- What is only permitted is never owed, nor out of bounds.
UPDATE cells SET code = 'optional'
FROM asks a
WHERE a.ask = cells.ask AND a.may
    AND (cells.code = 'out-of-bounds' OR cells.code IN (SELECT code FROM codes WHERE status IN ('missing', 'not-yet-due')))
