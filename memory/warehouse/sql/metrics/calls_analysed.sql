/*
title: calls analysed
about: Calls that were ingested and that everybody with the clearance may read, by the day they were held.
words: [calls held, recorded calls, number of calls]
examples: ["How many calls did we hold in March?", "How many calls were analysed per rep?"]
unit: calls
owner: sales enablement
freshness_s: 3600
better: up
facts: calls
empty: zero
period: last_12_months
by: [rep, account, segment]
filters: [rep, account, segment]
*/
SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', c.DAY) AS DATE)
                WHEN 'week' THEN CAST(DATE_TRUNC('week', c.DAY) AS DATE)
                WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', c.DAY) AS DATE)
                ELSE CAST(:from AS DATE) END AS PERIOD,
       CASE :by WHEN 'rep' THEN c.REP WHEN 'account' THEN c.ACCOUNT_NAME WHEN 'segment' THEN c.SEGMENT END AS PART,
       'calls' AS UNIT,
       COUNT(*) AS VALUE,
       COUNT(*) AS N,
       0 AS MISSING,
       MAX(c.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM CALLS AS c
WHERE c.TENANT = :tenant AND c.LABEL <= :clearance
    AND c.DAY >= CAST(:from AS DATE) AND c.DAY < CAST(:until AS DATE)
    AND (UPPER(c.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (c.ACCOUNT_ID = :account OR UPPER(c.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(c.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
