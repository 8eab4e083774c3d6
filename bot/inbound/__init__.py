"""What happens to a message that comes in."""
