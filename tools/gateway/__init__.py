"""The MCP client side: it holds a client open to each server it is given, and calls tools for a principal."""
