"""Planted weaknesses: candidates whose weak topics are known, diagnosed by the product."""
