"""What a message means in its situation: readers that compete, and the one policy that decides between them."""
