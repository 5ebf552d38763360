"""How well Sophia does, measured on real material through the product itself."""
