"""What was given up: found, tried again, dropped."""
