"""The promises of the product, checked."""

import core.environment  # noqa: F401 - before the first import of langgraph
