"""Administrators read, write and withdraw answers in the chat."""
