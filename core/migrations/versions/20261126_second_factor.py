"""a second factor for signing in"""

import sqlalchemy as sa
from alembic import op

revision = '5e0a9c7d41b3'
down_revision = 'a6e02c7d91b4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('second_factor_since', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('tf_totp_secret', sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column('tf_counter', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('mf_recovery_codes', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        for name in ('mf_recovery_codes', 'tf_counter', 'tf_totp_secret', 'second_factor_since'):
            batch_op.drop_column(name)
