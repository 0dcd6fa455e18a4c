"""The MCP surface: words, no decisions."""
