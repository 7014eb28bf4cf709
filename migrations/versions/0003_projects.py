"""A home, its rooms, its household and the staff assigned to it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = '0002'


def upgrade() -> None:
    op.create_table('project',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('customer_name', sa.String(length=60), nullable=False),
    sa.Column('customer_phone', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=160), nullable=False),
    sa.Column('community', sa.String(length=60), nullable=False),
    sa.Column('building', sa.String(length=20), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('room_no', sa.String(length=20), nullable=False),
    sa.Column('house_type', sa.String(length=10), nullable=False),
    sa.Column('decoration_mode', sa.String(length=20), nullable=False),
    sa.Column('new_or_old', sa.String(length=10), nullable=False),
    sa.Column('building_area_m2', sa.String(24).with_variant(sa.Numeric(18, 4), "postgresql"), nullable=True),
    sa.Column('inner_area_m2', sa.String(24).with_variant(sa.Numeric(18, 4), "postgresql"), nullable=True),
    sa.Column('layout', sa.String(length=80), nullable=False),
    sa.Column('style', sa.String(length=40), nullable=False),
    sa.Column('contract_no', sa.String(length=40), nullable=True),
    sa.Column('import_id', sa.String(length=40), nullable=True),
    sa.Column('created_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_project_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project')),
    sa.UniqueConstraint('code', name=op.f('uq_project_code')),
    sa.UniqueConstraint('contract_no', name=op.f('uq_project_contract_no')),
    sa.UniqueConstraint('import_id', name=op.f('uq_project_import_id'))
    )
    op.create_index(op.f('ix_project_created_at'), 'project', ['created_at'], unique=False)
    op.create_index(op.f('ix_project_customer_phone'), 'project', ['customer_phone'], unique=False)
    op.create_table('assignment',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('user_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_assignment_project_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_assignment_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment')),
    sa.UniqueConstraint('project_id', 'user_id', 'role', name=op.f('uq_assignment_project_id_user_id_role'))
    )
    op.create_index(op.f('ix_assignment_project_id_role'), 'assignment', ['project_id', 'role'], unique=False)
    op.create_index(op.f('ix_assignment_user_id_ended_at_project_id'), 'assignment', ['user_id', 'ended_at', 'project_id'], unique=False)
    op.create_table('audit_entry',
    sa.Column('seq', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_audit_entry_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_audit_entry_project_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entry')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_entry_hash'))
    )
    op.create_index(op.f('ix_audit_entry_project_id_seq'), 'audit_entry', ['project_id', 'seq'], unique=False)
    op.create_index(op.f('ix_audit_entry_subject_subject_id'), 'audit_entry', ['subject', 'subject_id'], unique=False)
    op.create_table('imported_fact',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('section', sa.String(length=60), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_imported_fact_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_fact')),
    sa.UniqueConstraint('project_id', 'section', name=op.f('uq_imported_fact_project_id_section'))
    )
    op.create_table('invitation',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('user_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('relation', sa.String(length=20), nullable=False),
    sa.Column('right', sa.String(length=10), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('invited_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invited_by_id'], ['user_account.id'], name=op.f('fk_invitation_invited_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_invitation_project_id')),
    sa.ForeignKeyConstraint(['used_by_id'], ['user_account.id'], name=op.f('fk_invitation_used_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_invitation_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    op.create_index(op.f('ix_invitation_project_id'), 'invitation', ['project_id'], unique=False)
    op.create_index(op.f('ix_invitation_user_id'), 'invitation', ['user_id'], unique=False)
    op.create_table('membership',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('user_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('relation', sa.String(length=20), nullable=False),
    sa.Column('right', sa.String(length=10), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_membership_project_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_membership_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('project_id', 'user_id', name=op.f('uq_membership_project_id_user_id'))
    )
    op.create_index(op.f('ix_membership_user_id'), 'membership', ['user_id'], unique=False)
    op.create_table('message',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('user_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('link', sa.String(length=300), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('carrier', sa.String(length=10), nullable=False),
    sa.Column('secret', sa.Boolean(), nullable=False),
    sa.Column('attempts', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('failure', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_message_project_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_message_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    op.create_index(op.f('ix_message_channel_id'), 'message', ['channel', 'id'], unique=False)
    op.create_index(op.f('ix_message_failed_at'), 'message', ['failed_at'], unique=False)
    op.create_index(op.f('ix_message_sent_at_queued_at'), 'message', ['sent_at', 'queued_at'], unique=False)
    op.create_index(op.f('ix_message_user_id_channel_id'), 'message', ['user_id', 'channel', 'id'], unique=False)
    op.create_table('photo',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('subject', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('full_sha256', sa.String(length=64), nullable=False),
    sa.Column('thumb_sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('height', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_photo_by_id')),
    sa.ForeignKeyConstraint(['full_sha256'], ['blob.sha256'], name=op.f('fk_photo_full_sha256')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_photo_project_id')),
    sa.ForeignKeyConstraint(['thumb_sha256'], ['blob.sha256'], name=op.f('fk_photo_thumb_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo'))
    )
    op.create_index(op.f('ix_photo_project_id'), 'photo', ['project_id'], unique=False)
    op.create_index(op.f('ix_photo_subject_subject_id'), 'photo', ['subject', 'subject_id'], unique=False)
    op.create_table('room',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('position', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('floor', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('length_mm', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('width_mm', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('height_mm', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('openings', sa.JSON(), nullable=False),
    sa.Column('waterproof_wall_height_mm', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('tile_wall_height_mm', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_room_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('project_id', 'code', name=op.f('uq_room_project_id_code'))
    )


def downgrade() -> None:
    op.drop_table('room')
    op.drop_table('photo')
    op.drop_table('message')
    op.drop_table('membership')
    op.drop_table('invitation')
    op.drop_table('imported_fact')
    op.drop_table('audit_entry')
    op.drop_table('assignment')
    op.drop_table('project')
