-- One row a cell. `number` and `total` mean what the sentence of its code needs; `record` speaks in it; `evidence`
-- counts the records behind it.
CREATE TABLE cells (
    body INTEGER, ask INTEGER, code reason, number INTEGER, total INTEGER, record BIGINT, happened DATE, evidence INTEGER
)
