"""The specialists: who thinks about a question. Agents do not import each other."""

import core.environment  # noqa: F401 - before the first import of langgraph
