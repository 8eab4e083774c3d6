"""Which article answers, and which service is meant."""
