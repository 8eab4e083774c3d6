"""${message}."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant, JsonText, Key, Words

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
# "rolling" or "stop": docs/database.md
change = "rolling"


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}
