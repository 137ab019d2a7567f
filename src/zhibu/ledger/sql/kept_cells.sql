-- All cells, for a file.
SELECT * FROM cells
