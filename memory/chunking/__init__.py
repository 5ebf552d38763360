"""How a conversation is cut into the chunks that are indexed: one strategy a file."""
