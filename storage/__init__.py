"""Rows: the only SQL. Implements the ports that handlers ask for; knows no vendors, HTTP or wording."""
