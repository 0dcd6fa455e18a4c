"""Maang MCP: the interview coach that remembers.

This module imports nothing: `db` imports `maang_mcp.domain`, and a heavier package would turn
that arrow into a loop and every cold import into seconds.
"""
