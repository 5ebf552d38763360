"""Language and embeddings: the port, and what implements it."""
