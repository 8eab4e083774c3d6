"""One revision a file, in the order of their numbers. A revision that has been released is never edited."""
