"""Call analysis: summaries, statistics, moments and questions over recorded calls."""
