-- From which day to which day there are facts that the filters let through, and how many.
SELECT MIN(t.DAY) AS FIRST_DAY, MAX(t.DAY) AS LAST_DAY, COUNT(*) AS N
FROM LANGUAGE_USAGE AS t
WHERE t.TENANT = :tenant AND t.LABEL <= :clearance
