"""The MCP servers: thin faces over kernels, memory and connectors."""
