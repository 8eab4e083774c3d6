"""The way in, up to the database."""
