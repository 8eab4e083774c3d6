"""What residents can do at the counter, one flow a file."""

from handlers.resident import ask, complaint, fact, language, menu, privacy, report, request, tickets, track

__all__ = ["ask", "complaint", "fact", "language", "menu", "privacy", "report", "request", "tickets", "track"]
