"""Complaints with their clock and their story."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = '0009'


def upgrade() -> None:
    op.create_table('complaint_counter',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('last', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_complaint_counter'))
    )
    op.create_table('complaint',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('number', sa.String(length=90), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('subcategory', sa.String(length=40), nullable=False),
    sa.Column('severity', sa.String(length=2), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('description', sa.String(length=4000), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('visiting_time', sa.String(length=120), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('reporter_name', sa.String(length=60), nullable=False),
    sa.Column('filed_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('request_key', sa.String(length=64), nullable=True),
    sa.Column('assignee_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('first_reply_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('on_site_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('plan_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cause', sa.String(length=1000), nullable=False),
    sa.Column('solution', sa.String(length=1000), nullable=False),
    sa.Column('result', sa.String(length=1000), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('satisfaction', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['assignee_id'], ['user_account.id'], name=op.f('fk_complaint_assignee_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['user_account.id'], name=op.f('fk_complaint_filed_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_complaint_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('number', name=op.f('uq_complaint_number')),
    sa.UniqueConstraint('request_key', name=op.f('uq_complaint_request_key'))
    )
    op.create_index(op.f('ix_complaint_assignee_id_closed_at_due_at'), 'complaint', ['assignee_id', 'closed_at', 'due_at'], unique=False)
    op.create_index(op.f('ix_complaint_closed_at_due_at'), 'complaint', ['closed_at', 'due_at'], unique=False)
    op.create_index(op.f('ix_complaint_filed_at'), 'complaint', ['filed_at'], unique=False)
    op.create_index(op.f('ix_complaint_project_id'), 'complaint', ['project_id'], unique=False)
    op.create_table('complaint_event',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('complaint_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('body', sa.String(length=4000), nullable=False),
    sa.Column('for_homeowner', sa.Boolean(), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('by_name', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_complaint_event_by_id')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_event_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_event'))
    )
    op.create_index(op.f('ix_complaint_event_complaint_id'), 'complaint_event', ['complaint_id'], unique=False)
    op.create_table('complaint_notice',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('complaint_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_notice_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_notice')),
    sa.UniqueConstraint('complaint_id', 'due_at', 'kind', name=op.f('uq_complaint_notice_complaint_id_due_at_kind'))
    )


def downgrade() -> None:
    op.drop_table('complaint_notice')
    op.drop_table('complaint_event')
    op.drop_table('complaint')
    op.drop_table('complaint_counter')
