"""What residents can do at the counter, one flow a file."""

from handlers.resident import ask, complaint, language, menu, privacy, report, request, tickets, track

__all__ = ["ask", "complaint", "language", "menu", "privacy", "report", "request", "tickets", "track"]
