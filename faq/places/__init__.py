"""Places in words and as points: areas, distances, map links."""
