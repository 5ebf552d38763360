"""The CRM specialist: what the CRM holds, what calls say otherwise, and plans that bring one in line with the other."""
