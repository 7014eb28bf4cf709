"""Visits with their moves, measurement records, calendar keys."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = '0004'


def upgrade() -> None:
    op.create_table('calendar_key',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('user_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_calendar_key_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_key')),
    sa.UniqueConstraint('key', name=op.f('uq_calendar_key_key'))
    )
    op.create_index(op.f('ix_calendar_key_user_id'), 'calendar_key', ['user_id'], unique=False)
    op.create_table('visit',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('purpose', sa.String(length=200), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('all_day', sa.Boolean(), nullable=False),
    sa.Column('person_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('person_name', sa.String(length=60), nullable=False),
    sa.Column('person_role', sa.String(length=40), nullable=False),
    sa.Column('owner_presence', sa.String(length=20), nullable=False),
    sa.Column('arrival_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('booked_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.String(length=500), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.String(length=200), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['booked_by_id'], ['user_account.id'], name=op.f('fk_visit_booked_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['user_account.id'], name=op.f('fk_visit_person_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_visit_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    op.create_index(op.f('ix_visit_person_id_starts_at'), 'visit', ['person_id', 'starts_at'], unique=False)
    op.create_index(op.f('ix_visit_project_id_starts_at'), 'visit', ['project_id', 'starts_at'], unique=False)
    op.create_index(op.f('ix_visit_starts_at'), 'visit', ['starts_at'], unique=False)
    op.create_table('measurement_record',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('visit_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('base_condition', sa.String(length=1000), nullable=False),
    sa.Column('customer_opinion', sa.String(length=1000), nullable=False),
    sa.Column('next_plan_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_measurement_record_project_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['user_account.id'], name=op.f('fk_measurement_record_submitted_by_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_measurement_record_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measurement_record')),
    sa.UniqueConstraint('visit_id', name=op.f('uq_measurement_record_visit_id'))
    )
    op.create_index(op.f('ix_measurement_record_project_id'), 'measurement_record', ['project_id'], unique=False)
    op.create_table('visit_move',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('visit_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('to_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_visit_move_reason_given')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_visit_move_by_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_move_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_move'))
    )
    op.create_index(op.f('ix_visit_move_visit_id'), 'visit_move', ['visit_id'], unique=False)


def downgrade() -> None:
    op.drop_table('visit_move')
    op.drop_table('measurement_record')
    op.drop_table('visit')
    op.drop_table('calendar_key')
