"""The infrastructure specialist: how platforms do, what they cost, what happened to them, and plans to change them."""
