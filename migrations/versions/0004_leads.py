"""Leads with claims that the database keeps unique, so that of two registrations exactly one wins."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = '0003'


def upgrade() -> None:
    op.create_table('lead',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('community', sa.String(length=60), nullable=False),
    sa.Column('building', sa.String(length=20), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('room', sa.String(length=20), nullable=False),
    sa.Column('phone_key', sa.String(length=20), nullable=False),
    sa.Column('address_key', sa.String(length=160), nullable=False),
    sa.Column('phone_claim', sa.String(length=20), nullable=True),
    sa.Column('address_claim', sa.String(length=160), nullable=True),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('registered_by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=False),
    sa.Column('trace', sa.JSON(), nullable=False),
    sa.Column('last_contact_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_step', sa.String(length=200), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('project_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=True),
    sa.Column('version', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_lead_project_id')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['user_account.id'], name=op.f('fk_lead_registered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead')),
    sa.UniqueConstraint('address_claim', name=op.f('uq_lead_address_claim')),
    sa.UniqueConstraint('phone_claim', name=op.f('uq_lead_phone_claim')),
    sa.UniqueConstraint('project_id', name=op.f('uq_lead_project_id'))
    )
    op.create_index(op.f('ix_lead_address_key'), 'lead', ['address_key'], unique=False)
    op.create_index(op.f('ix_lead_phone_key'), 'lead', ['phone_key'], unique=False)
    op.create_index(op.f('ix_lead_registered_by_id_next_on'), 'lead', ['registered_by_id', 'next_on'], unique=False)
    op.create_index(op.f('ix_lead_registered_by_id_project_id'), 'lead', ['registered_by_id', 'project_id'], unique=False)
    op.create_index(op.f('ix_lead_registered_by_id_registered_at'), 'lead', ['registered_by_id', 'registered_at'], unique=False)
    op.create_table('lead_contact',
    sa.Column('id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('lead_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('by_id', sa.Integer().with_variant(sa.BigInteger(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('way', sa.String(length=20), nullable=False),
    sa.Column('summary', sa.String(length=500), nullable=False),
    sa.Column('next_step', sa.String(length=200), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.CheckConstraint("next_step <> ''", name=op.f('ck_lead_contact_next_step_given')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_lead_contact_by_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_lead_contact_lead_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_contact'))
    )
    op.create_index(op.f('ix_lead_contact_lead_id'), 'lead_contact', ['lead_id'], unique=False)


def downgrade() -> None:
    op.drop_table('lead_contact')
    op.drop_table('lead')
