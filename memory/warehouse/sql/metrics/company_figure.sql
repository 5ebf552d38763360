/*
title: company figure
about: The last imported value of a series in each period, as its source gave it; values are never added up. Without an account or a segment it is the value of the whole company.
words: [KPI, imported figure, MRR, monthly recurring revenue, NPS, support tickets]
examples: ["What is our MRR?", "How did support tickets develop?"]
unit: its own
owner: finance
freshness_s: 5356800
facts: figures
empty: nothing
period: last_12_months
by: [segment, account]
filters: [series, account, segment]
required: [series]
nothing: the series has no value
missing: values of a time that had not ended
*/
WITH LATEST AS (
    SELECT CASE :grain WHEN 'month' THEN CAST(DATE_TRUNC('month', f.DAY) AS DATE)
                    WHEN 'week' THEN CAST(DATE_TRUNC('week', f.DAY) AS DATE)
                    WHEN 'quarter' THEN CAST(DATE_TRUNC('quarter', f.DAY) AS DATE)
                    ELSE CAST(:from AS DATE) END AS PERIOD,
           CASE :by WHEN 'segment' THEN f.SEGMENT WHEN 'account' THEN f.ACCOUNT_NAME END AS PART,
           f.DAY, f.UNIT, f.AMOUNT, f.PARTIAL, f.LABEL
    FROM COMPANY_FIGURES AS f
    WHERE f.TENANT = :tenant AND f.LABEL <= :clearance
        AND UPPER(f.SERIES) = UPPER(:series)
        AND f.DAY >= CAST(:from AS DATE) AND f.DAY < CAST(:until AS DATE)
        AND CASE WHEN :by = 'account' OR :account IS NOT NULL THEN f.ACCOUNT_ID IS NOT NULL ELSE f.ACCOUNT_ID IS NULL END
        AND CASE WHEN :by = 'segment' OR :segment IS NOT NULL THEN f.SEGMENT IS NOT NULL ELSE f.SEGMENT IS NULL END
        AND (f.ACCOUNT_ID = :account OR UPPER(f.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
        AND (UPPER(f.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
)
SELECT l.PERIOD,
       l.PART,
       l.UNIT AS UNIT,
       l.AMOUNT AS VALUE,
       1 AS N,
       CASE WHEN l.PARTIAL THEN 1 ELSE 0 END AS MISSING,
       l.LABEL AS LABEL,
       CASE WHEN l.PARTIAL THEN 'of a time that had not ended' END AS NOTE
FROM LATEST AS l
QUALIFY ROW_NUMBER() OVER (PARTITION BY l.PERIOD, l.PART ORDER BY l.DAY DESC) = 1
ORDER BY 1, 2, 3
