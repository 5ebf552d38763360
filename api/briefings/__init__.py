"""Briefings: which days are meant, making one, keeping it, and reading it under the rights of now."""
