"""The executive briefing: figures, what changed, what is at risk, and what may be behind it."""
