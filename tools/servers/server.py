"""Sophia's MCP servers: the SDK's, which learn what to tell of a tool once a process."""

import functools
import inspect
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.tools import Tool, ToolManager


class ToolServer(MCPServer[Any]):
    """A server whose tools are methods, wrapped or not.

    What is told of a tool follows from its function and takes 20 ms to derive: too long for each of the servers that a
    process opens one after the other, when only the object behind the method is another.
    """

    def __init__(self, name: str, *, instructions: str | None = None) -> None:
        super().__init__(name, instructions=instructions)
        self._tool_manager = _Methods()


class _Methods(ToolManager):
    def add_tool(self, fn: Callable[..., Any], *_args: Any, **said: Any) -> Tool:
        described = _described(inspect.unwrap(fn).__func__)
        tool = described.model_copy(update={"fn": fn, "annotations": said.get("annotations")})
        self._tools[tool.name] = tool
        return tool


@functools.cache
def _described(function: FunctionType) -> Tool:
    return Tool.from_function(MethodType(function, object()))
