-- From which day to which day there are facts that the filters let through, and how many.
SELECT MIN(t.DAY) AS FIRST_DAY, MAX(t.DAY) AS LAST_DAY, COUNT(*) AS N
FROM ACTIVITIES AS t
WHERE t.TENANT = :tenant AND t.LABEL <= :clearance
    AND (UPPER(t.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (t.ACCOUNT_ID = :account OR UPPER(t.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(t.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
