"""How the specialists are conducted: the supervisor and its state."""

import core.environment  # noqa: F401 - before the first import of langgraph
