"""The price book and estimates as immutable revisions; how a price is made up stands in tables apart."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = '0006'


def upgrade() -> None:
    op.create_table('catalogue',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['imported_by_id'], ['user_account.id'], name=op.f('fk_catalogue_imported_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue'))
    )
    op.create_table('catalogue_item',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('catalogue_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('position', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('code', sa.String(length=9), nullable=False),
    sa.Column('group_code', sa.String(length=2), nullable=False),
    sa.Column('group_name', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('unit', sa.String(length=4), nullable=False),
    sa.Column('unit_price_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('rate_bp', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('measure_rule', sa.String(length=20), nullable=False),
    sa.Column('measure_rule_text', sa.String(length=80), nullable=False),
    sa.Column('stage_code', sa.String(length=3), nullable=False),
    sa.Column('warranty_class', sa.String(length=20), nullable=False),
    sa.Column('owner_supplied_main', sa.String(length=20), nullable=False),
    sa.Column('process_note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['catalogue_id'], ['catalogue.id'], name=op.f('fk_catalogue_item_catalogue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_item')),
    sa.UniqueConstraint('catalogue_id', 'code', name=op.f('uq_catalogue_item_catalogue_id_code'))
    )
    op.create_table('estimate',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('next_number', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_estimate_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_estimate')),
    sa.UniqueConstraint('project_id', name=op.f('uq_estimate_project_id'))
    )
    op.create_table('catalogue_split',
    sa.Column('item_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('main_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('aux_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('labor_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('loss_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('loss_rate', sa.String(24).with_variant(sa.Numeric(18, 4), "postgresql"), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['catalogue_item.id'], name=op.f('fk_catalogue_split_item_id')),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_catalogue_split'))
    )
    op.create_table('estimate_revision',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('estimate_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('number', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('label', sa.String(length=8), nullable=False),
    sa.Column('base_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('management_rate_bp', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('discount_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('tax_rate_bp', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('direct_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('management_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('taxable_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('tax_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('total_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('change_summary', sa.String(length=500), nullable=False),
    sa.Column('prepared_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('presented_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('presented_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdraw_reason', sa.String(length=200), nullable=False),
    sa.Column('materials_chosen_on', sa.Date(), nullable=True),
    sa.Column('released_because', sa.String(length=200), nullable=False),
    sa.Column('released_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('agreed_on_paper_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['estimate_revision.id'], name=op.f('fk_estimate_revision_base_id')),
    sa.ForeignKeyConstraint(['estimate_id'], ['estimate.id'], name=op.f('fk_estimate_revision_estimate_id')),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['user_account.id'], name=op.f('fk_estimate_revision_prepared_by_id')),
    sa.ForeignKeyConstraint(['presented_by_id'], ['user_account.id'], name=op.f('fk_estimate_revision_presented_by_id')),
    sa.ForeignKeyConstraint(['released_by_id'], ['user_account.id'], name=op.f('fk_estimate_revision_released_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_estimate_revision')),
    sa.UniqueConstraint('estimate_id', 'number', name=op.f('uq_estimate_revision_estimate_id_number'))
    )
    op.create_index('uq_estimate_revision_one_draft', 'estimate_revision', ['estimate_id'], unique=True, sqlite_where=sa.text('presented_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('presented_at IS NULL AND withdrawn_at IS NULL'))
    op.create_table('estimate_line',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('line_key', sa.Uuid(), nullable=False),
    sa.Column('no', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('space', sa.String(length=40), nullable=False),
    sa.Column('group_code', sa.String(length=2), nullable=False),
    sa.Column('group_name', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=9), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('unit', sa.String(length=4), nullable=False),
    sa.Column('quantity', sa.String(24).with_variant(sa.Numeric(18, 4), "postgresql"), nullable=False),
    sa.Column('unit_price_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('amount_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('stage_code', sa.String(length=3), nullable=False),
    sa.Column('warranty_class', sa.String(length=20), nullable=False),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('change_reason', sa.String(length=200), nullable=False),
    sa.Column('explained_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount_fen >= 0', name=op.f('ck_estimate_line_amount_not_negative')),
    sa.ForeignKeyConstraint(['revision_id'], ['estimate_revision.id'], name=op.f('fk_estimate_line_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_estimate_line')),
    sa.UniqueConstraint('revision_id', 'line_key', name=op.f('uq_estimate_line_revision_id_line_key'))
    )
    op.create_index(op.f('ix_estimate_line_revision_id_no'), 'estimate_line', ['revision_id', 'no'], unique=False)
    op.create_table('estimate_view',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('user_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['estimate_revision.id'], name=op.f('fk_estimate_view_revision_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_estimate_view_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_estimate_view')),
    sa.UniqueConstraint('revision_id', 'user_id', name=op.f('uq_estimate_view_revision_id_user_id'))
    )
    op.create_index(op.f('ix_estimate_view_user_id'), 'estimate_view', ['user_id'], unique=False)
    op.create_table('line_split',
    sa.Column('line_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('main_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('aux_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('labor_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('loss_fen', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['line_id'], ['estimate_line.id'], name=op.f('fk_line_split_line_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('line_id', name=op.f('pk_line_split'))
    )


def downgrade() -> None:
    op.drop_table('line_split')
    op.drop_table('estimate_view')
    op.drop_table('estimate_line')
    op.drop_table('estimate_revision')
    op.drop_table('catalogue_split')
    op.drop_table('estimate')
    op.drop_table('catalogue_item')
    op.drop_table('catalogue')
