/*
title: gaps in deals
about: What deals lack that figures need, as they are now. Open deals want an amount, a currency and an opening day; deals won or lost a closing day too.
words: [incomplete deals, missing amounts, data quality]
examples: ["How complete is our CRM?", "Which deals have no amount?"]
unit: gaps
owner: sales operations
freshness_s: 3600
better: down
facts: deals
empty: zero
period: day
grains: []
by: [gap, rep, account, segment, region, product, competitor, pipeline]
filters: [account, rep, segment, product, competitor, pipeline]
*/
SELECT CAST(:from AS DATE) AS PERIOD,
       CASE :by WHEN 'gap' THEN g.GAP WHEN 'rep' THEN d.REP WHEN 'account' THEN d.ACCOUNT_NAME WHEN 'segment' THEN d.SEGMENT
                 WHEN 'region' THEN d.REGION WHEN 'product' THEN d.PRODUCT
                 WHEN 'competitor' THEN d.COMPETITOR WHEN 'pipeline' THEN d.PIPELINE END AS PART,
       'gaps' AS UNIT,
       COUNT(*) AS VALUE,
       COUNT(DISTINCT d.DEAL_ID) AS N,
       0 AS MISSING,
       MAX(d.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM DEALS AS d
JOIN (
    SELECT 'amount' AS GAP UNION ALL SELECT 'currency' UNION ALL SELECT 'opening day' UNION ALL SELECT 'closing day'
) AS g
    ON (g.GAP = 'amount' AND d.AMOUNT IS NULL)
    OR (g.GAP = 'currency' AND d.AMOUNT IS NOT NULL AND d.CURRENCY IS NULL)
    OR (g.GAP = 'opening day' AND d.OPENED_DAY IS NULL)
    OR (g.GAP = 'closing day' AND d.STATUS <> 'open' AND d.CLOSED_DAY IS NULL)
WHERE d.TENANT = :tenant AND d.LABEL <= :clearance
    AND (d.ACCOUNT_ID = :account OR UPPER(d.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(d.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (UPPER(d.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
    AND (UPPER(d.PRODUCT) = UPPER(:product) OR :product IS NULL)
    AND (UPPER(d.COMPETITOR) = UPPER(:competitor) OR :competitor IS NULL)
    AND (UPPER(d.PIPELINE) = UPPER(:pipeline) OR :pipeline IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
