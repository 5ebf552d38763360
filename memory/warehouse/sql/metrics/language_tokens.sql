/*
title: language tokens
about: Tokens that calls to chat models took, as the endpoints count them (estimated where one does not), by UTC day of the call.
words: [tokens used, token usage]
examples: ["How many tokens did we use?", "How many tokens did each endpoint take this week?"]
unit: tokens
owner: platform
freshness_s: 3600
better: down
facts: usage
empty: zero
period: month_to_date
by: [endpoint]
filters: []
*/
SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', u.DAY) AS DATE)
                WHEN 'week' THEN CAST(DATE_TRUNC('week', u.DAY) AS DATE)
                WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', u.DAY) AS DATE)
                ELSE CAST(:from AS DATE) END AS PERIOD,
       CASE :by WHEN 'endpoint' THEN u.ENDPOINT END AS PART,
       'tokens' AS UNIT,
       CAST(SUM(u.TOKENS) AS BIGINT) AS VALUE,
       COUNT(*) AS N,
       0 AS MISSING,
       MAX(u.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM LANGUAGE_USAGE AS u
WHERE u.TENANT = :tenant AND u.LABEL <= :clearance
    AND u.DAY >= CAST(:from AS DATE) AND u.DAY < CAST(:until AS DATE)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
