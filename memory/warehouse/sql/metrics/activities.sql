/*
title: activities
about: Activities of the CRM of every kind, by the day they were done.
words: [CRM activities, logged activities, emails and meetings]
examples: ["How many activities were logged last week?", "How many meetings did we have with Castellan?"]
unit: activities
owner: sales operations
freshness_s: 3600
better: up
facts: activities
empty: zero
period: last_12_months
by: [rep, account, segment, kind]
filters: [rep, account, segment]
*/
SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', a.DAY) AS DATE)
                WHEN 'week' THEN CAST(DATE_TRUNC('week', a.DAY) AS DATE)
                WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', a.DAY) AS DATE)
                ELSE CAST(:from AS DATE) END AS PERIOD,
       CASE :by WHEN 'rep' THEN a.REP WHEN 'account' THEN a.ACCOUNT_NAME WHEN 'segment' THEN a.SEGMENT
                 WHEN 'kind' THEN a.KIND END AS PART,
       'activities' AS UNIT,
       COUNT(*) AS VALUE,
       COUNT(*) AS N,
       0 AS MISSING,
       MAX(a.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM ACTIVITIES AS a
WHERE a.TENANT = :tenant AND a.LABEL <= :clearance
    AND a.DAY >= CAST(:from AS DATE) AND a.DAY < CAST(:until AS DATE)
    AND (UPPER(a.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (a.ACCOUNT_ID = :account OR UPPER(a.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(a.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
