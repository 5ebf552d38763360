"""Random histories of decisions, and a small model of what the ledger must say about them."""
