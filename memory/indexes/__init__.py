"""Where chunks and their vectors are kept and found: a port, and one adapter an engine."""

import core.environment  # noqa: F401 - before the first import of lancedb
