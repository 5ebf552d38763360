-- The names of pipelines and segments that somebody may see.
SELECT 'pipeline' AS KIND, d.PIPELINE AS NAME FROM DEALS AS d
WHERE d.TENANT = :tenant AND d.LABEL <= :clearance AND d.PIPELINE IS NOT NULL
UNION
SELECT 'segment' AS KIND, d.SEGMENT AS NAME FROM DEALS AS d
WHERE d.TENANT = :tenant AND d.LABEL <= :clearance AND d.SEGMENT IS NOT NULL
ORDER BY 1, 2
