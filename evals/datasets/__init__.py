"""Material to judge by: what ships with the project, and readers for what does not."""
