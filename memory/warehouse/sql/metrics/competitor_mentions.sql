/*
title: competitor mentions
about: How often competitors are named on analysed calls, by the day of the call.
words: [mentions of competitors, competitors named]
examples: ["Which competitors come up most often?", "How often was Northpier mentioned?"]
unit: mentions
owner: sales enablement
freshness_s: 3600
facts: calls
empty: zero
period: last_12_months
by: [competitor, rep, account, segment]
filters: [account, rep, segment, competitor]
*/
SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', m.DAY) AS DATE)
                WHEN 'week' THEN CAST(DATE_TRUNC('week', m.DAY) AS DATE)
                WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', m.DAY) AS DATE)
                ELSE CAST(:from AS DATE) END AS PERIOD,
       CASE :by WHEN 'competitor' THEN m.COMPETITOR WHEN 'rep' THEN m.REP WHEN 'account' THEN m.ACCOUNT_NAME
                 WHEN 'segment' THEN m.SEGMENT END AS PART,
       'mentions' AS UNIT,
       CAST(SUM(m.MENTIONS) AS BIGINT) AS VALUE,
       COUNT(DISTINCT m.CALL_ID) AS N,
       0 AS MISSING,
       MAX(m.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM COMPETITOR_MENTIONS AS m
WHERE m.TENANT = :tenant AND m.LABEL <= :clearance
    AND m.DAY >= CAST(:from AS DATE) AND m.DAY < CAST(:until AS DATE)
    AND (m.ACCOUNT_ID = :account OR UPPER(m.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(m.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (UPPER(m.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
    AND (UPPER(m.COMPETITOR) = UPPER(:competitor) OR :competitor IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
