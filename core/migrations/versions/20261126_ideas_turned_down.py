"""events of which nothing came but the idea, and the records of such events and projects, have a state of their own"""

import sqlalchemy as sa
from alembic import op

revision = 'b61f0d2a94ce'
down_revision = '5e0a9c7d41b3'
branch_labels = None
depends_on = None

event = sa.table(
    'event', sa.column('cooperation_id', sa.Integer()), sa.column('state', sa.String()), sa.column('status', sa.String())
)
project = sa.table('project', sa.column('cooperation_id', sa.Integer()), sa.column('state', sa.String()))
cooperation = sa.table('cooperation', sa.column('id', sa.Integer()), sa.column('status', sa.String()))


def upgrade() -> None:
    only_an_idea = (event.c.state == 'cancelled', event.c.status == 'draft')
    op.execute(event.update().where(*only_an_idea).values(state='turned_down'))
    for table in (event, project):
        records = sa.select(table.c.cooperation_id).where(table.c.state == 'turned_down')
        op.execute(cooperation.update().where(cooperation.c.id.in_(records)).values(status='turned_down'))


def downgrade() -> None:
    op.execute(cooperation.update().where(cooperation.c.status == 'turned_down').values(status='cancelled'))
    op.execute(event.update().where(event.c.state == 'turned_down').values(state='cancelled'))
