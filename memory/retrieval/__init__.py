"""Finding the passages that answer a question, for the one who asks it."""
