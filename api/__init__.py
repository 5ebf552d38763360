"""Where people and programs come in. The only layer that reads the environment and builds objects."""

import core.environment  # noqa: F401 - before the first import of langgraph
