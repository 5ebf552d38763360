-- When the facts of a kind were last brought up to date.
SELECT MAX(REFRESHED_AT) AS REFRESHED_AT
FROM REFRESHES
WHERE TENANT = :tenant AND LABEL <= :clearance AND FACTS = :facts
