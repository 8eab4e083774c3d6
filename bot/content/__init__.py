"""The content folder while the counter runs: read, watched, changed from the chat."""
