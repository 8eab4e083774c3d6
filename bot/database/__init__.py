"""The one way into the database: a queue of work, and the workers that commit it in groups."""
