"""Every conversation that can be held, registered by being imported here and nowhere else."""

from handlers import admin, official, resident

__all__ = ["admin", "official", "resident"]
