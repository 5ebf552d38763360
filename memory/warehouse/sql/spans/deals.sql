-- From which day to which day there are facts that the filters let through, and how many.
SELECT MIN(COALESCE(t.OPENED_DAY, t.CLOSED_DAY)) AS FIRST_DAY, MAX(COALESCE(t.CLOSED_DAY, t.OPENED_DAY)) AS LAST_DAY, COUNT(*) AS N
FROM DEALS AS t
WHERE t.TENANT = :tenant AND t.LABEL <= :clearance
    AND (t.ACCOUNT_ID = :account OR UPPER(t.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(t.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (UPPER(t.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
    AND (UPPER(t.PRODUCT) = UPPER(:product) OR :product IS NULL)
    AND (UPPER(t.COMPETITOR) = UPPER(:competitor) OR :competitor IS NULL)
    AND (UPPER(t.PIPELINE) = UPPER(:pipeline) OR :pipeline IS NULL)
