"""What a chat is about beside its open form: what was said last, forms set aside; and who wants no more notices."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """Nothing is known of chats of before; nobody of before asked for silence."""
    op.add_column("conversation", sa.Column("context", sa.Text))
    op.add_column("address", sa.Column("quiet_since", Instant))
