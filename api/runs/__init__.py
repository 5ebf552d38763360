"""Durable runs: the rows that are the truth, their event log, and the executor that carries them out."""
