"""Copies of a whole database, made while it is in use, and brought back into an empty one."""
