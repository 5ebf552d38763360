"""Language without a language model: choosing, filling and quoting by similarity, grammar and known names."""

from models.extractive.language import Extractive

__all__ = ["Extractive"]
