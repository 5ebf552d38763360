"""How the specialists are conducted: the supervisor and its state."""
