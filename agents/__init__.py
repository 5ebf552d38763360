"""The specialists: who thinks about a question. Agents do not import each other."""
