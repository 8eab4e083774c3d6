"""The engine of conversations. Knows no flow and no vendor."""
