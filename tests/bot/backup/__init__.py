"""Backups of a whole town."""
