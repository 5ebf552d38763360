"""Forgetting a call for good: what goes with it, what stays, and a data directory without its words."""
