"""What libraries read from the environment while they are loaded, set before any of them is.

Importing this module sets it. The packages that load such a library import it in their `__init__`, so that whoever comes
in – the service, an eval, a test – has it in time; it is the only place that writes to the environment.
"""

import os

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
"""LangGraph's default brings any type back to life that a checkpoint names; strict, it brings back plain data."""

os.environ.setdefault("LANCE_LOG", "error")
"""LanceDB's engine writes each of its own warnings to standard error unless told otherwise."""
