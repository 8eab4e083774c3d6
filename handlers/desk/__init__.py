"""The desk: tickets, their deadlines and folios, who may do what, and who is told."""
