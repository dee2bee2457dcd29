"""contacts by topic: for which topics a member is the contact, and whether a department's contact is named in public"""

import sqlalchemy as sa
from alembic import op

revision = '06c7fdd19e94'
down_revision = 'd0f18e8b8c82'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('topics', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column('name_public_since', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text('1')))
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.alter_column('topics', server_default=None)
        batch_op.alter_column('version', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_column('version')
        batch_op.drop_column('name_public_since')
        batch_op.drop_column('topics')
