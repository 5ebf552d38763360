"""The chat API: ask, follow, read again, and open what an answer cites."""
