"""What administrators do in the chat, one flow a file."""

from handlers.admin import join

__all__ = ["join"]
