"""Conversations as tests: a situation is built, something is said in it, and what comes of it is judged."""
