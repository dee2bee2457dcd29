"""projects of which nothing came but the idea: those who turned one down called it off"""

import sqlalchemy as sa
from alembic import op

revision = 'a5d09c31e7f4'
down_revision = 'c4b81de20a75'
branch_labels = None
depends_on = None

project = sa.table('project', sa.column('id', sa.Integer()), sa.column('state', sa.String()))
history = sa.table(
    'history', sa.column('action', sa.String()), sa.column('object_id', sa.Integer()), sa.column('old', sa.JSON())
)


def upgrade() -> None:
    told = sa.select(history.c.object_id, history.c.old).where(history.c.action == 'projects.cancelled')
    ideas = [row.object_id for row in op.get_bind().execute(told) if (row.old or {}).get('state') == 'idea']
    op.execute(
        project.update().where(project.c.id.in_(ideas), project.c.state == 'cancelled').values(state='turned_down')
    )


def downgrade() -> None:
    op.execute(project.update().where(project.c.state == 'turned_down').values(state='cancelled'))
