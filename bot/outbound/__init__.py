"""The way out: what waits in the outbox is sent, paced and settled."""
