"""WorkBench: requests of office work with the tool calls that carry them out."""
