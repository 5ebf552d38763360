"""What is configured, what is embedded, what is missing, and whether it works: looked at from outside, changing nothing."""
