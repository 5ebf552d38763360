/*
title: team productivity
about: Analysed calls and activities of the CRM per rep who has any. Calls that are only logged in the CRM do not count, so that none counts twice.
words: [activity per rep, productivity, calls and activities per rep]
examples: ["How productive is the team?", "How active was each rep this month?"]
unit: activities per rep
owner: sales operations
freshness_s: 3600
better: up
facts: activities
empty: nothing
period: month_to_date
by: [rep, account, segment, kind]
filters: [rep, account, segment]
nothing: no rep has a call or an activity
missing: activities without a rep
*/
SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', t.DAY) AS DATE)
                WHEN 'week' THEN CAST(DATE_TRUNC('week', t.DAY) AS DATE)
                WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', t.DAY) AS DATE)
                ELSE CAST(:from AS DATE) END AS PERIOD,
       CASE :by WHEN 'rep' THEN t.REP WHEN 'account' THEN t.ACCOUNT_NAME WHEN 'segment' THEN t.SEGMENT
                 WHEN 'kind' THEN t.KIND END AS PART,
       'activities per rep' AS UNIT,
       CAST(1.0 * COUNT(t.REP) / NULLIF(COUNT(DISTINCT t.REP), 0) AS DOUBLE) AS VALUE,
       COUNT(t.REP) AS N,
       COUNT(*) - COUNT(t.REP) AS MISSING,
       MAX(t.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM (
    SELECT TENANT, LABEL, DAY, REP, ACCOUNT_ID, ACCOUNT_NAME, SEGMENT, KIND FROM ACTIVITIES WHERE KIND <> 'call'
    UNION ALL
    SELECT TENANT, LABEL, DAY, REP, ACCOUNT_ID, ACCOUNT_NAME, SEGMENT, 'analysed call' AS KIND FROM CALLS
) AS t
WHERE t.TENANT = :tenant AND t.LABEL <= :clearance
    AND t.DAY >= CAST(:from AS DATE) AND t.DAY < CAST(:until AS DATE)
    AND (UPPER(t.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (t.ACCOUNT_ID = :account OR UPPER(t.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(t.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
