"""The paper of a presented revision, its files, signatures and refusals."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = '0007'


def upgrade() -> None:
    op.create_table('document',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('signers', sa.JSON(), nullable=False),
    sa.Column('shown_sha256', sa.String(length=64), nullable=True),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['estimate_revision.id'], name=op.f('fk_document_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('revision_id', 'language', name=op.f('uq_document_revision_id_language'))
    )
    op.create_table('refusal',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('user_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['estimate_revision.id'], name=op.f('fk_refusal_revision_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_refusal_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refusal')),
    sa.UniqueConstraint('revision_id', 'user_id', name=op.f('uq_refusal_revision_id_user_id'))
    )
    op.create_table('document_file',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('document_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('number', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_file_document_id')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_document_file_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_file')),
    sa.UniqueConstraint('document_id', 'number', name=op.f('uq_document_file_document_id_number'))
    )
    op.create_index(op.f('ix_document_file_sha256'), 'document_file', ['sha256'], unique=False)
    op.create_table('document_page',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('document_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('number', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('image_sha256', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=20), nullable=False),
    sa.Column('width', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('height', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_page_document_id')),
    sa.ForeignKeyConstraint(['image_sha256'], ['blob.sha256'], name=op.f('fk_document_page_image_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_page')),
    sa.UniqueConstraint('document_id', 'number', name=op.f('uq_document_page_document_id_number'))
    )
    op.create_table('signature',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('revision_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('document_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('user_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('typed_name', sa.String(length=60), nullable=False),
    sa.Column('drawn_sha256', sa.String(length=64), nullable=True),
    sa.Column('consent', sa.String(length=1000), nullable=False),
    sa.Column('code_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('shown_sha256', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('address', sa.String(length=60), nullable=False),
    sa.Column('device', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['code_id'], ['one_time_code.id'], name=op.f('fk_signature_code_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_signature_document_id')),
    sa.ForeignKeyConstraint(['drawn_sha256'], ['blob.sha256'], name=op.f('fk_signature_drawn_sha256')),
    sa.ForeignKeyConstraint(['revision_id'], ['estimate_revision.id'], name=op.f('fk_signature_revision_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_signature_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('code_id', name=op.f('uq_signature_code_id')),
    sa.UniqueConstraint('revision_id', 'user_id', name=op.f('uq_signature_revision_id_user_id'))
    )
    op.create_index(op.f('ix_signature_document_id'), 'signature', ['document_id'], unique=False)
    op.create_index(op.f('ix_signature_user_id'), 'signature', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('signature')
    op.drop_table('document_page')
    op.drop_table('document_file')
    op.drop_table('refusal')
    op.drop_table('document')
