"""The product: conversations, tickets, deadlines and who is told what. No vendors, SQL, HTTP, clock or environment."""
