"""Where people and programs come in. The only layer that reads the environment and builds objects."""
