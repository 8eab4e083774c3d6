"""Servers that stand in for the vendors: they keep state, act as people, and hold us to the published contracts."""
