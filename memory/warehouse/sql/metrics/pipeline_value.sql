/*
title: pipeline value
about: Sum of the amounts of the deals that are open at the end of the period. A deal without a known opening counts on the last day only; amount and stage are the present ones, also of days gone by.
words: [pipeline, open pipeline, pipeline amount]
examples: ["How large is the pipeline?", "What is the pipeline value by stage?"]
unit: money
owner: sales operations
freshness_s: 3600
better: up
facts: deals
empty: zero
period: day
by: [rep, account, segment, region, product, competitor, pipeline, stage, currency]
filters: [account, rep, segment, product, competitor, pipeline, currency]
missing: open deals without an amount
*/
WITH POINTS AS (
    SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', DAY) AS DATE)
                    WHEN 'week' THEN CAST(DATE_TRUNC('week', DAY) AS DATE)
                    WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', DAY) AS DATE)
                    ELSE CAST(:from AS DATE) END AS PERIOD,
           MAX(DAY) AS DAY
    FROM DAYS
    WHERE DAY >= CAST(:from AS DATE) AND DAY < CAST(:until AS DATE)
    GROUP BY 1
)
SELECT p.PERIOD,
       CASE :by WHEN 'rep' THEN d.REP WHEN 'account' THEN d.ACCOUNT_NAME WHEN 'segment' THEN d.SEGMENT
                 WHEN 'region' THEN d.REGION WHEN 'product' THEN d.PRODUCT
                 WHEN 'competitor' THEN d.COMPETITOR WHEN 'pipeline' THEN d.PIPELINE
                 WHEN 'stage' THEN d.STAGE WHEN 'currency' THEN d.CURRENCY END AS PART,
       d.CURRENCY AS UNIT,
       CAST(SUM(d.AMOUNT) AS DECIMAL(18, 2)) AS VALUE,
       COUNT(*) AS N,
       COUNT(*) - COUNT(d.AMOUNT) AS MISSING,
       MAX(d.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM POINTS AS p
JOIN DEALS AS d
    ON (d.OPENED_DAY <= p.DAY OR (d.OPENED_DAY IS NULL AND d.STATUS = 'open' AND p.DAY >= CAST(:as_of AS DATE)))
    AND (d.STATUS = 'open' OR d.CLOSED_DAY > p.DAY)
WHERE d.TENANT = :tenant AND d.LABEL <= :clearance
    AND (d.ACCOUNT_ID = :account OR UPPER(d.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
    AND (UPPER(d.REP) = UPPER(:rep) OR :rep IS NULL)
    AND (UPPER(d.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
    AND (UPPER(d.PRODUCT) = UPPER(:product) OR :product IS NULL)
    AND (UPPER(d.COMPETITOR) = UPPER(:competitor) OR :competitor IS NULL)
    AND (UPPER(d.PIPELINE) = UPPER(:pipeline) OR :pipeline IS NULL)
    AND (d.CURRENCY = :currency OR :currency IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
