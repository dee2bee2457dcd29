"""the day of an event that is only an idea may not be known yet"""

import sqlalchemy as sa
from alembic import op

revision = 'd07be3f1a58c'
down_revision = 'b61f0d2a94ce'
branch_labels = None
depends_on = None

event = sa.table('event', *(sa.column(name, sa.DateTime()) for name in ('starts_local', 'starts_at', 'changed_at')))


def upgrade() -> None:
    _let_be_empty(nullable=True)


def downgrade() -> None:
    # the older version knows no event without a day: that of its last change stands in
    op.execute(
        event.update()
        .where(event.c.starts_at.is_(None))
        .values(starts_local=event.c.changed_at, starts_at=event.c.changed_at)
    )
    _let_be_empty(nullable=False)


def _let_be_empty(*, nullable: bool) -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        for name in ('starts_local', 'starts_at'):
            batch_op.alter_column(name, existing_type=sa.DateTime(), nullable=nullable)
