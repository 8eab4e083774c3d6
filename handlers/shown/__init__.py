"""How tickets, places, deadlines, articles and commands are shown, to whichever role."""
