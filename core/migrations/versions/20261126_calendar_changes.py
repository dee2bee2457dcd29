"""what moved the counter of calendar changes"""

import sqlalchemy as sa
from alembic import op

revision = 'b7a1f3c4d9e2'
down_revision = 'eeb88be6b629'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calendar_change',
    sa.Column('counter', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rows', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('counter', name=op.f('pk_calendar_change'))
    )


def downgrade() -> None:
    op.drop_table('calendar_change')
