/*
title: deals lost
about: Deals lost, by the day they were closed.
words: [lost deals, closed lost, losses, lost reasons]
examples: ["How many deals did we lose in January?", "Why do we lose deals?"]
unit: deals
owner: sales operations
freshness_s: 3600
better: down
facts: deals
empty: zero
period: last_12_months
by: [rep, account, segment, region, product, competitor, pipeline, lost_reason]
filters: [account, rep, segment, product, competitor, pipeline]
*/
SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', d.CLOSED_DAY) AS DATE)
                WHEN 'week' THEN CAST(DATE_TRUNC('week', d.CLOSED_DAY) AS DATE)
                WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', d.CLOSED_DAY) AS DATE)
                ELSE CAST(:from AS DATE) END AS PERIOD,
       CASE :by WHEN 'rep' THEN d.REP WHEN 'account' THEN d.ACCOUNT_NAME WHEN 'segment' THEN d.SEGMENT
                 WHEN 'region' THEN d.REGION WHEN 'product' THEN d.PRODUCT
                 WHEN 'competitor' THEN d.COMPETITOR WHEN 'pipeline' THEN d.PIPELINE
                 WHEN 'lost_reason' THEN d.LOST_REASON END AS PART,
       'deals' AS UNIT,
       COUNT(*) AS VALUE,
       COUNT(*) AS N,
       0 AS MISSING,
       MAX(d.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM DEALS AS d
WHERE d.TENANT = :tenant AND d.LABEL <= :clearance
    AND d.STATUS = 'lost'
    AND d.CLOSED_DAY >= CAST(:from AS DATE) AND d.CLOSED_DAY < CAST(:until AS DATE)
    AND (d.ACCOUNT_ID = :account OR UPPER(d.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(d.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (UPPER(d.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
    AND (UPPER(d.PRODUCT) = UPPER(:product) OR :product IS NULL)
    AND (UPPER(d.COMPETITOR) = UPPER(:competitor) OR :competitor IS NULL)
    AND (UPPER(d.PIPELINE) = UPPER(:pipeline) OR :pipeline IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
