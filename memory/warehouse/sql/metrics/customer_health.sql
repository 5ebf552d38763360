/*
title: customer health
about: Mean health of the customers at the end of the period, from 0 to 100, by their scores. Where no customer had a score by then, by the recency of contact, 100 on the day of an activity or a call and 0 after 90 days without one. A customer is an account with a deal won.
words: [health score, account health, customer health score]
examples: ["How healthy are our customers?", "Which customers have the lowest health?"]
unit: points
owner: customer success
freshness_s: 86400
better: up
facts: deals
empty: nothing
period: day
by: [rep, account, segment]
filters: [account, rep, segment]
nothing: no customer is known
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
),
SCORED AS (
    SELECT p.PERIOD, s.LABEL, s.ACCOUNT_NAME, s.REP, s.SEGMENT, s.SCORE, 'by their scores' AS NOTE
    FROM POINTS AS p
    JOIN SCORES AS s ON s.DAY <= p.DAY
    WHERE s.TENANT = :tenant AND s.LABEL <= :clearance
        AND s.KIND = 'health'
        AND (s.ACCOUNT_ID = :account OR UPPER(s.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
        AND (UPPER(s.REP) = UPPER(:rep) OR :rep IS NULL)
        AND (UPPER(s.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY p.PERIOD, s.SUBJECT_ID ORDER BY s.DAY DESC, s.SCORE) = 1
),
CUSTOMERS AS (
    SELECT p.PERIOD, p.DAY, d.ACCOUNT_ID, MAX(d.LABEL) AS LABEL, MAX(d.ACCOUNT_NAME) AS ACCOUNT_NAME,
           MAX(d.REP) AS REP, MAX(d.SEGMENT) AS SEGMENT
    FROM POINTS AS p
    JOIN DEALS AS d ON d.STATUS = 'won' AND d.CLOSED_DAY <= p.DAY
    WHERE d.TENANT = :tenant AND d.LABEL <= :clearance
        AND d.ACCOUNT_ID IS NOT NULL
        AND (d.ACCOUNT_ID = :account OR UPPER(d.ACCOUNT_NAME) = UPPER(:account) OR :account IS NULL)
        AND (UPPER(d.REP) = UPPER(:rep) OR :rep IS NULL)
        AND (UPPER(d.SEGMENT) = UPPER(:segment) OR :segment IS NULL)
    GROUP BY 1, 2, 3
),
CONTACTED AS (
    SELECT ACCOUNT_ID, DAY, LABEL FROM ACTIVITIES WHERE TENANT = :tenant AND LABEL <= :clearance
    UNION ALL
    SELECT ACCOUNT_ID, DAY, LABEL FROM CALLS WHERE TENANT = :tenant AND LABEL <= :clearance
),
RECENT AS (
    SELECT c.PERIOD, GREATEST(c.LABEL, COALESCE(MAX(t.LABEL), 0)) AS LABEL, c.ACCOUNT_NAME, c.REP, c.SEGMENT,
           COALESCE(GREATEST(0, 100 - 100.0 * DATEDIFF('day', MAX(t.DAY), c.DAY) / 90), 0) AS SCORE,
           'by recency of contact' AS NOTE
    FROM CUSTOMERS AS c
    LEFT JOIN CONTACTED AS t ON t.ACCOUNT_ID = c.ACCOUNT_ID AND t.DAY <= c.DAY
    WHERE NOT EXISTS (
        SELECT 1 FROM SCORES AS s
        WHERE s.TENANT = :tenant AND s.LABEL <= :clearance AND s.KIND = 'health' AND s.DAY <= c.DAY
    )
    GROUP BY c.PERIOD, c.DAY, c.ACCOUNT_ID, c.LABEL, c.ACCOUNT_NAME, c.REP, c.SEGMENT
),
HEALTH AS (
    SELECT PERIOD, LABEL, ACCOUNT_NAME, REP, SEGMENT, CAST(SCORE AS DOUBLE) AS SCORE, NOTE FROM SCORED
    UNION ALL
    SELECT PERIOD, LABEL, ACCOUNT_NAME, REP, SEGMENT, CAST(SCORE AS DOUBLE) AS SCORE, NOTE FROM RECENT
)
SELECT h.PERIOD,
       CASE :by WHEN 'rep' THEN h.REP WHEN 'account' THEN h.ACCOUNT_NAME WHEN 'segment' THEN h.SEGMENT END AS PART,
       'points' AS UNIT,
       CAST(ROUND(AVG(h.SCORE), 4) AS DOUBLE) AS VALUE,
       COUNT(*) AS N,
       0 AS MISSING,
       MAX(h.LABEL) AS LABEL,
       MIN(h.NOTE) AS NOTE
FROM HEALTH AS h
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
