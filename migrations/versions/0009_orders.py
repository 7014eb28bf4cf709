"""The order that a signed estimate becomes once, and its stages."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = '0008'


def upgrade() -> None:
    op.create_table('work_order',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('total_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('start_on', sa.Date(), nullable=True),
    sa.Column('finished_on', sa.Date(), nullable=True),
    sa.Column('stage_code', sa.String(length=3), nullable=False),
    sa.Column('expected_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_work_order_project_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['estimate_revision.id'], name=op.f('fk_work_order_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_order')),
    sa.UniqueConstraint('number', name=op.f('uq_work_order_number')),
    sa.UniqueConstraint('project_id', name=op.f('uq_work_order_project_id')),
    sa.UniqueConstraint('revision_id', name=op.f('uq_work_order_revision_id'))
    )
    op.create_index(op.f('ix_work_order_finished_on_expected_on_id'), 'work_order', ['finished_on', 'expected_on', 'id'], unique=False)
    op.create_index(op.f('ix_work_order_made_at'), 'work_order', ['made_at'], unique=False)
    op.create_table('order_stage',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('order_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('position', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('code', sa.String(length=3), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('node', sa.String(length=2), nullable=True),
    sa.Column('duration_wd', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('delay_wd', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('plan_start', sa.Date(), nullable=False),
    sa.Column('plan_end', sa.Date(), nullable=False),
    sa.Column('forecast_start', sa.Date(), nullable=False),
    sa.Column('forecast_end', sa.Date(), nullable=False),
    sa.Column('actual_start', sa.Date(), nullable=True),
    sa.Column('actual_end', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_order_stage_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_stage')),
    sa.UniqueConstraint('order_id', 'code', name=op.f('uq_order_stage_order_id_code'))
    )
    op.create_index(op.f('ix_order_stage_order_id_position'), 'order_stage', ['order_id', 'position'], unique=False)
    op.create_table('stage_note',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('stage_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('body', sa.String(length=1000), nullable=False),
    sa.Column('days_wd', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('for_homeowner', sa.Boolean(), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_stage_note_by_id')),
    sa.ForeignKeyConstraint(['stage_id'], ['order_stage.id'], name=op.f('fk_stage_note_stage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_note'))
    )
    op.create_index(op.f('ix_stage_note_stage_id'), 'stage_note', ['stage_id'], unique=False)


def downgrade() -> None:
    op.drop_table('stage_note')
    op.drop_table('order_stage')
    op.drop_table('work_order')
