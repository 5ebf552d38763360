"""Language, embeddings, and the check of every sentence."""
