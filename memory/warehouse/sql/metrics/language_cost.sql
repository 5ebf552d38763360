/*
title: language cost
about: What calls to chat models cost by the prices of SOPHIA_MODELS, by UTC day of the call. The extractive language costs nothing and is not counted.
words: [model cost, cost of language models, spend on models]
examples: ["What do the language models cost us?", "How much did we spend on chat models this month?"]
unit: money
owner: platform
freshness_s: 3600
better: down
facts: usage
empty: zero
period: month_to_date
by: [endpoint, currency]
filters: [currency]
missing: days of an endpoint with tokens whose cost is not known
*/
SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', u.DAY) AS DATE)
                WHEN 'week' THEN CAST(DATE_TRUNC('week', u.DAY) AS DATE)
                WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', u.DAY) AS DATE)
                ELSE CAST(:from AS DATE) END AS PERIOD,
       CASE :by WHEN 'endpoint' THEN u.ENDPOINT WHEN 'currency' THEN u.CURRENCY END AS PART,
       u.CURRENCY AS UNIT,
       CAST(SUM(u.COST) AS DECIMAL(18, 6)) AS VALUE,
       COUNT(*) AS N,
       COUNT(DISTINCT CASE WHEN u.COST IS NULL THEN CONCAT(CAST(u.DAY AS VARCHAR), ' ', u.ENDPOINT) END) AS MISSING,
       MAX(u.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM LANGUAGE_USAGE AS u
WHERE u.TENANT = :tenant AND u.LABEL <= :clearance
    AND u.DAY >= CAST(:from AS DATE) AND u.DAY < CAST(:until AS DATE)
    AND (u.CURRENCY = :currency OR :currency IS NULL)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
