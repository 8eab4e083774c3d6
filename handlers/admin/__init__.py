"""What administrators do in the chat, one flow a file."""

from handlers.admin import join, misses
from handlers.admin.articles import browse, view, write

__all__ = ["browse", "join", "misses", "view", "write"]
