"""Drawings as numbered revisions, preview pages, remarks, decisions, uploads in pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = '0005'


def upgrade() -> None:
    op.create_table('drawing',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('sheet_no', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('scale', sa.String(length=10), nullable=False),
    sa.Column('next_number', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_drawing_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drawing')),
    sa.UniqueConstraint('project_id', 'sheet_no', name=op.f('uq_drawing_project_id_sheet_no'))
    )
    op.create_table('drawing_revision',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('drawing_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('number', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('file_kind', sa.String(length=20), nullable=False),
    sa.Column('change_note', sa.String(length=500), nullable=False),
    sa.Column('source_sha256', sa.String(length=64), nullable=True),
    sa.Column('source_name', sa.String(length=255), nullable=False),
    sa.Column('source_kind', sa.String(length=20), nullable=False),
    sa.Column('compared_with_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('uploaded_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shown_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('preview', sa.String(length=10), nullable=False),
    sa.Column('preview_notes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['compared_with_id'], ['drawing_revision.id'], name=op.f('fk_drawing_revision_compared_with_id')),
    sa.ForeignKeyConstraint(['drawing_id'], ['drawing.id'], name=op.f('fk_drawing_revision_drawing_id')),
    sa.ForeignKeyConstraint(['file_sha256'], ['blob.sha256'], name=op.f('fk_drawing_revision_file_sha256')),
    sa.ForeignKeyConstraint(['shown_by_id'], ['user_account.id'], name=op.f('fk_drawing_revision_shown_by_id')),
    sa.ForeignKeyConstraint(['source_sha256'], ['blob.sha256'], name=op.f('fk_drawing_revision_source_sha256')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['user_account.id'], name=op.f('fk_drawing_revision_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drawing_revision')),
    sa.UniqueConstraint('drawing_id', 'number', name=op.f('uq_drawing_revision_drawing_id_number'))
    )
    op.create_table('drawing_decision',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_drawing_decision_by_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['drawing_revision.id'], name=op.f('fk_drawing_decision_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drawing_decision')),
    sa.UniqueConstraint('revision_id', 'by_id', name=op.f('uq_drawing_decision_revision_id_by_id'))
    )
    op.create_table('preview_page',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('number', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('image_sha256', sa.String(length=64), nullable=False),
    sa.Column('thumb_sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('height', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('changes', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('overlay_sha256', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['image_sha256'], ['blob.sha256'], name=op.f('fk_preview_page_image_sha256')),
    sa.ForeignKeyConstraint(['overlay_sha256'], ['blob.sha256'], name=op.f('fk_preview_page_overlay_sha256')),
    sa.ForeignKeyConstraint(['revision_id'], ['drawing_revision.id'], name=op.f('fk_preview_page_revision_id')),
    sa.ForeignKeyConstraint(['thumb_sha256'], ['blob.sha256'], name=op.f('fk_preview_page_thumb_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preview_page')),
    sa.UniqueConstraint('revision_id', 'number', name=op.f('uq_preview_page_revision_id_number'))
    )
    op.create_table('remark',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('drawing_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('page', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('x', sa.String(24).with_variant(sa.Numeric(18, 4), "postgresql"), nullable=True),
    sa.Column('y', sa.String(24).with_variant(sa.Numeric(18, 4), "postgresql"), nullable=True),
    sa.Column('body', sa.String(length=1000), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=1000), nullable=False),
    sa.Column('answered_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('request_key', sa.String(length=40), nullable=True),
    sa.Column('resolved_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_remark_answered_by_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_remark_by_id')),
    sa.ForeignKeyConstraint(['drawing_id'], ['drawing.id'], name=op.f('fk_remark_drawing_id')),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['user_account.id'], name=op.f('fk_remark_resolved_by_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['drawing_revision.id'], name=op.f('fk_remark_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark')),
    sa.UniqueConstraint('by_id', 'request_key', name=op.f('uq_remark_by_id_request_key'))
    )
    op.create_index(op.f('ix_remark_drawing_id'), 'remark', ['drawing_id'], unique=False)
    op.create_table('upload',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('size_bytes', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('stamp', sa.String(length=40), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('file_sha256', sa.String(length=64), nullable=True),
    sa.Column('file_kind', sa.String(length=20), nullable=False),
    sa.Column('fault', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_upload_by_id')),
    sa.ForeignKeyConstraint(['file_sha256'], ['blob.sha256'], name=op.f('fk_upload_file_sha256')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_upload_project_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['drawing_revision.id'], name=op.f('fk_upload_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload')),
    sa.UniqueConstraint('token', name=op.f('uq_upload_token'))
    )
    op.create_index(op.f('ix_upload_by_id'), 'upload', ['by_id'], unique=False)
    op.create_index(op.f('ix_upload_by_id_project_id'), 'upload', ['by_id', 'project_id'], unique=False)
    op.create_index(op.f('ix_upload_project_id'), 'upload', ['project_id'], unique=False)


def downgrade() -> None:
    op.drop_table('upload')
    op.drop_table('remark')
    op.drop_table('preview_page')
    op.drop_table('drawing_decision')
    op.drop_table('drawing_revision')
    op.drop_table('drawing')
