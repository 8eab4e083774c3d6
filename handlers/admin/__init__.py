"""What administrators do in the chat, one flow a file."""

from handlers.admin import faq, faq_view, faq_write, join, misses

__all__ = ["faq", "faq_view", "faq_write", "join", "misses"]
