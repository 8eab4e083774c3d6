"""What the town knows: the files that administrators edit, their reader, and the search over them."""
