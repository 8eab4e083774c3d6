"""Messages per second through the whole path, beside a plain bot that does the same job in the same run."""
