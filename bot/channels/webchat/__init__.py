"""The chat in the browser: our own channel."""
