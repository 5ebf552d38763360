"""Where chunks and their vectors are kept and found: a port, and one adapter an engine."""

import os

# The engine reads it once, when it is loaded; without it each warning of its own becomes a line on stderr.
os.environ.setdefault("LANCE_LOG", "error")
