"""A backup: everything that a town keeps, in one folder."""
