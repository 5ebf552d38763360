"""What was decided and why: an append-only ledger that remembers what held when, and what was known when."""
