"""the record of cooperation"""

import sqlalchemy as sa
from alembic import op

revision = '1c20c5b0fb9d'
down_revision = 'f0e5c0dcc727'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('own_topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('topic', sa.String(length=30), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_own_topic')),
    sa.UniqueConstraint('key', name=op.f('uq_own_topic_key'))
    )
    op.create_table('cooperation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('regular_exchange', sa.Boolean(), nullable=False),
    sa.Column('initiator_kind', sa.String(length=30), nullable=True),
    sa.Column('initiator_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('starts_local', sa.DateTime(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('participants', sa.Integer(), nullable=True),
    sa.Column('what_worked', sa.Text(), nullable=False),
    sa.Column('do_differently', sa.Text(), nullable=False),
    sa.Column('figure', sa.String(length=30), nullable=True),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['initiator_id'], ['organization.id'], name=op.f('fk_cooperation_initiator_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperation')),
    sa.UniqueConstraint('key', name=op.f('uq_cooperation_key'))
    )
    with op.batch_alter_table('cooperation', schema=None) as batch_op:
        batch_op.create_index('ix_cooperation_format_starts_on', ['format', 'starts_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_cooperation_initiator_id'), ['initiator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cooperation_starts_on'), ['starts_on'], unique=False)

    op.create_table('cooperation_lead',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cooperation_id', sa.Integer(), nullable=False),
    sa.Column('lead', sa.String(length=30), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['cooperation_id'], ['cooperation.id'], name=op.f('fk_cooperation_lead_cooperation_id_cooperation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperation_lead')),
    sa.UniqueConstraint('cooperation_id', 'since', name=op.f('uq_cooperation_lead_cooperation_id_since'))
    )
    op.create_table('cooperation_topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cooperation_id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=30), nullable=False),
    sa.Column('own_topic_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['cooperation_id'], ['cooperation.id'], name=op.f('fk_cooperation_topic_cooperation_id_cooperation')),
    sa.ForeignKeyConstraint(['own_topic_id'], ['own_topic.id'], name=op.f('fk_cooperation_topic_own_topic_id_own_topic')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperation_topic')),
    sa.UniqueConstraint('cooperation_id', 'topic', 'own_topic_id', name=op.f('uq_cooperation_topic_cooperation_id_topic_own_topic_id'))
    )
    with op.batch_alter_table('cooperation_topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cooperation_topic_own_topic_id'), ['own_topic_id'], unique=False)
        batch_op.create_index('ix_cooperation_topic_topic', ['topic', 'cooperation_id'], unique=False)

    op.create_table('municipal_contribution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cooperation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('amount', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['cooperation_id'], ['cooperation.id'], name=op.f('fk_municipal_contribution_cooperation_id_cooperation')),
    sa.ForeignKeyConstraint(['department_id'], ['organization.id'], name=op.f('fk_municipal_contribution_department_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_municipal_contribution'))
    )
    with op.batch_alter_table('municipal_contribution', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_municipal_contribution_cooperation_id'), ['cooperation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_municipal_contribution_department_id'), ['department_id'], unique=False)

    op.create_table('partner',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cooperation_id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('contribution', sa.Text(), nullable=False),
    sa.Column('benefit', sa.Text(), nullable=False),
    sa.Column('honorarium', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cooperation_id'], ['cooperation.id'], name=op.f('fk_partner_cooperation_id_cooperation')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_partner_organization_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner')),
    sa.UniqueConstraint('cooperation_id', 'organization_id', name=op.f('uq_partner_cooperation_id_organization_id'))
    )
    with op.batch_alter_table('partner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_organization_id'), ['organization_id'], unique=False)

    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.add_column(sa.Column('integration_department', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('committee', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cooperation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('figure', sa.String(length=30), nullable=True))
    _give_each_committee_its_record(op.get_bind())
    with op.batch_alter_table('committee', schema=None) as batch_op:
        batch_op.alter_column('cooperation_id', existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_committee_cooperation_id'), ['cooperation_id'])
        batch_op.create_foreign_key(batch_op.f('fk_committee_cooperation_id_cooperation'), 'cooperation', ['cooperation_id'], ['id'])


#: which figure each kind of committee counts for, as on the day of this migration
FIGURES = {'working_group': 'municipal_body', 'network': 'regular_exchange'}


def _give_each_committee_its_record(connection: sa.Connection) -> None:
    """Every committee has a record of cooperation; its partners are the organizations of its seats."""
    found = connection.execute(sa.text(
        'SELECT committee.id, slug, name, committee.kind, public, archived_at, '
        '(SELECT min(starts_on) FROM seat WHERE committee_id = committee.id) AS since '
        'FROM committee JOIN organization ON organization.id = organization_id'
    ).columns(archived_at=sa.DateTime(), since=sa.Date(), public=sa.Boolean())).all()
    columns = ('id', 'key', 'title', 'format', 'regular_exchange', 'starts_on', 'ends_on', 'status', 'what_worked',
               'do_differently', 'figure', 'source', 'restricted', 'version')
    cooperation = sa.table('cooperation', *(sa.column(name) for name in columns))
    partner = sa.table('partner', *(sa.column(name) for name in (
        'cooperation_id', 'organization_id', 'role', 'contribution', 'benefit', 'version')))
    for committee in found:
        figure = FIGURES.get(committee.kind, 'further_level')
        ended = committee.archived_at and committee.since and max(committee.archived_at.date(), committee.since)
        connection.execute(cooperation.insert().values(
            key=committee.slug, title=committee.name, format='committee', figure=figure, source='committee', version=1,
            regular_exchange=figure == 'regular_exchange', restricted=not committee.public,
            starts_on=committee.since, ends_on=ended, status='held' if committee.archived_at else 'running',
            what_worked='', do_differently=''))
        key = connection.scalar(sa.select(cooperation.c.id).where(cooperation.c.key == committee.slug))
        connection.execute(sa.text('UPDATE committee SET cooperation_id = :key WHERE id = :id'),
                           {'key': key, 'id': committee.id})
        seated = connection.scalars(sa.text(
            'SELECT DISTINCT organization_id FROM seat WHERE committee_id = :id AND organization_id IS NOT NULL '
            'ORDER BY organization_id'), {'id': committee.id}).all()
        for organization_id in seated:
            connection.execute(partner.insert().values(
                cooperation_id=key, organization_id=organization_id, role='partner', contribution='', benefit='',
                version=1))


def downgrade() -> None:
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.drop_column('integration_department')

    with op.batch_alter_table('committee', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_committee_cooperation_id_cooperation'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_committee_cooperation_id'), type_='unique')
        batch_op.drop_column('figure')
        batch_op.drop_column('cooperation_id')

    with op.batch_alter_table('partner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_partner_organization_id'))

    op.drop_table('partner')
    with op.batch_alter_table('municipal_contribution', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_municipal_contribution_department_id'))
        batch_op.drop_index(batch_op.f('ix_municipal_contribution_cooperation_id'))

    op.drop_table('municipal_contribution')
    with op.batch_alter_table('cooperation_topic', schema=None) as batch_op:
        batch_op.drop_index('ix_cooperation_topic_topic')
        batch_op.drop_index(batch_op.f('ix_cooperation_topic_own_topic_id'))

    op.drop_table('cooperation_topic')
    op.drop_table('cooperation_lead')
    with op.batch_alter_table('cooperation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cooperation_starts_on'))
        batch_op.drop_index(batch_op.f('ix_cooperation_initiator_id'))
        batch_op.drop_index('ix_cooperation_format_starts_on')

    op.drop_table('cooperation')
    op.drop_table('own_topic')
