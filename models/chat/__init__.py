"""The language port over chat models: their words are checked, never trusted."""
