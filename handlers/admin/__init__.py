"""What administrators do in the chat, one flow a file."""

from handlers.admin import dead_letters, join, misses
from handlers.admin.articles import browse, view, write

__all__ = ["browse", "dead_letters", "join", "misses", "view", "write"]
