"""letters, those who want none, and where answers to a mail go"""

import sqlalchemy as sa
from alembic import op

revision = '3206f0041217'
down_revision = '1ed0fd0b90fa'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('letter_objection',
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_letter_objection_organization_id_organization')),
    sa.PrimaryKeyConstraint('organization_id', name=op.f('pk_letter_objection'))
    )
    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=40), nullable=True),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_letter_account_id_account')),
    sa.ForeignKeyConstraint(['department_id'], ['organization.id'], name=op.f('fk_letter_department_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_sent_at'), ['sent_at'], unique=False)

    op.create_table('letter_recipient',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(length=20), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_recipient_letter_id_letter')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_letter_recipient_organization_id_organization')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_letter_recipient_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_recipient'))
    )
    with op.batch_alter_table('letter_recipient', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_recipient_letter_id'), ['letter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_recipient_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_recipient_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reply_to', sa.String(length=320), nullable=False, server_default=''))
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.alter_column('reply_to', server_default=None)



def downgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('reply_to')

    with op.batch_alter_table('letter_recipient', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_recipient_person_id'))
        batch_op.drop_index(batch_op.f('ix_letter_recipient_organization_id'))
        batch_op.drop_index(batch_op.f('ix_letter_recipient_letter_id'))

    op.drop_table('letter_recipient')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_sent_at'))
        batch_op.drop_index(batch_op.f('ix_letter_department_id'))
        batch_op.drop_index(batch_op.f('ix_letter_account_id'))

    op.drop_table('letter')
    op.drop_table('letter_objection')
