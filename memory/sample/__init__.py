"""Sample data of a fictional company: its calls, its people, and what an evaluation should find in them."""
