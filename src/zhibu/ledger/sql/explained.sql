-- For which cells has a reason been given?
CREATE TABLE explained AS
SELECT e.body, a.ask, e.reason
FROM explanations e JOIN asks a ON a.duty = e.duty AND a.period = e.period
