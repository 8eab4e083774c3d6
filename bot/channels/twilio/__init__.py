"""Twilio: its signature, client, errors and files, for every channel that goes through it."""
