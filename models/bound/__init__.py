"""Prose about figures, held to the figures that are bound to it."""
