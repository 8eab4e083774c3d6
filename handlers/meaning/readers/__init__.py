"""One small file a reader: what it makes of a message, how sure it is and why. None of them does anything."""
