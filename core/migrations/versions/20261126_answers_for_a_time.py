"""answers count for the time that they were given for"""

import sqlalchemy as sa
from alembic import op

revision = 'c7d15f02ab94'
down_revision = 'd07be3f1a58c'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # For which time older answers were given nobody noted: they go on counting, for the time that holds today.
    op.add_column('reply', sa.Column('for_start', sa.DateTime(), nullable=True))
    op.execute(
        'UPDATE reply SET for_start = (SELECT sitting.starts_local FROM sitting WHERE sitting.id = reply.sitting_id)'
    )
    with op.batch_alter_table('reply', schema=None) as batch_op:
        batch_op.alter_column('for_start', existing_type=sa.DateTime(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('reply', schema=None) as batch_op:
        batch_op.drop_column('for_start')
