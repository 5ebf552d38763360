/*
title: sales cycle
about: Median number of days from the opening of a deal to its winning, by the day it was closed.
words: [cycle length, time to close, days to close]
examples: ["How long is our sales cycle?", "How many days does it take to close a deal?"]
unit: days
owner: sales operations
freshness_s: 3600
better: down
facts: deals
empty: nothing
period: last_12_months
by: [rep, account, segment, region, product, competitor, pipeline]
filters: [account, rep, segment, product, competitor, pipeline]
nothing: no deal with a known opening was won
missing: won deals without a known opening
*/
SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', d.CLOSED_DAY) AS DATE)
                WHEN 'week' THEN CAST(DATE_TRUNC('week', d.CLOSED_DAY) AS DATE)
                WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', d.CLOSED_DAY) AS DATE)
                ELSE CAST(:from AS DATE) END AS PERIOD,
       CASE :by WHEN 'rep' THEN d.REP WHEN 'account' THEN d.ACCOUNT_NAME WHEN 'segment' THEN d.SEGMENT
                 WHEN 'region' THEN d.REGION WHEN 'product' THEN d.PRODUCT
                 WHEN 'competitor' THEN d.COMPETITOR WHEN 'pipeline' THEN d.PIPELINE END AS PART,
       'days' AS UNIT,
       CAST(MEDIAN(DATEDIFF('day', d.OPENED_DAY, d.CLOSED_DAY)) AS DOUBLE) AS VALUE,
       COUNT(d.OPENED_DAY) AS N,
       COUNT(*) - COUNT(d.OPENED_DAY) AS MISSING,
       MAX(d.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM DEALS AS d
WHERE d.TENANT = :tenant AND d.LABEL <= :clearance
    AND d.STATUS = 'won'
    AND d.CLOSED_DAY >= CAST(:from AS DATE) AND d.CLOSED_DAY < CAST(:until AS DATE)
    AND (d.ACCOUNT_ID = :account OR UPPER(d.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(d.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (UPPER(d.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
    AND (UPPER(d.PRODUCT) = UPPER(:product) OR :product IS NULL)
    AND (UPPER(d.COMPETITOR) = UPPER(:competitor) OR :competitor IS NULL)
    AND (UPPER(d.PIPELINE) = UPPER(:pipeline) OR :pipeline IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
