/*
title: coverage of calls
about: Calls that enter the figures, per hundred ingested calls; the others may be read by some people only.
words: [call coverage, how many calls are left out]
examples: ["How complete are the figures about calls?", "How many calls are left out of the figures?"]
unit: percent
owner: sales enablement
freshness_s: 3600
better: up
facts: calls
empty: nothing
period: day
grains: []
by: []
filters: []
nothing: no call was ingested
missing: calls that only some people may read
*/
SELECT CAST(:from AS DATE) AS PERIOD,
       CAST(NULL AS VARCHAR) AS PART,
       'percent' AS UNIT,
       CAST(100.0 * SUM(c.ANALYSED) / (SUM(c.ANALYSED) + SUM(c.LEFT_OUT)) AS DOUBLE) AS VALUE,
       CAST(SUM(c.ANALYSED) + SUM(c.LEFT_OUT) AS BIGINT) AS N,
       CAST(SUM(c.LEFT_OUT) AS BIGINT) AS MISSING,
       MAX(c.LABEL) AS LABEL,
       CAST(NULL AS VARCHAR) AS NOTE
FROM (
    SELECT TENANT, LABEL, 1 AS ANALYSED, 0 AS LEFT_OUT FROM CALLS
    UNION ALL
    SELECT TENANT, LABEL, 0 AS ANALYSED, CALLS AS LEFT_OUT FROM CALLS_LEFT_OUT
) AS c
WHERE c.TENANT = :tenant AND c.LABEL <= :clearance
HAVING COUNT(*) > 0
