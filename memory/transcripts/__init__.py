"""Conversations as Sophia keeps them, and one reader for each format they come in."""
