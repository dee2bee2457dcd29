"""records are counted in their own order"""

from alembic import op

revision = 'a41c7e90d3b8'
down_revision = 'c7d15f02ab94'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite took them to group by format and for all that began before a day, which is most, and looked up each record
    # at random: 2 to 4 times as long at a million records.
    with op.batch_alter_table('cooperation', schema=None) as batch_op:
        batch_op.drop_index('ix_cooperation_format_starts_on')
        batch_op.drop_index('ix_cooperation_starts_on')


def downgrade() -> None:
    with op.batch_alter_table('cooperation', schema=None) as batch_op:
        batch_op.create_index('ix_cooperation_starts_on', ['starts_on'], unique=False)
        batch_op.create_index('ix_cooperation_format_starts_on', ['format', 'starts_on'], unique=False)
