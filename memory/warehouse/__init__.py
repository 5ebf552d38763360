"""The warehouse: what the CRM and the calls say, as a star for analysis, and the metrics that are measured on it."""
