"""People, what they may do, and how they prove who they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.rules.access import Role, capabilities, is_staff


class User(db.Model):
    """A person who can sign in: staff by number or phone, a homeowner by phone. Never deleted, only disabled."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20), unique=True)  # E.164
    staff_no: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="zh")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="user", foreign_keys="RoleGrant.user_id", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}

    # Flask-Login's four questions.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    session = None  # the device this request came from; set by sessions.py, not a column

    def get_id(self) -> str:
        return str(self.id)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(grant.role) for grant in self.grants if grant.ended_at is None)

    @property
    def is_staff(self) -> bool:
        return is_staff(self.roles)

    @property
    def is_homeowner(self) -> bool:
        return Role.HOMEOWNER in self.roles

    def can(self, capability: str) -> bool:
        """Whether one of the person's roles carries `capability` (rules/access.py)."""
        return capability in capabilities(self.roles)


class RoleGrant(db.Model):
    """One role given to one person, by whom and when; ended, not deleted."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])


class UserSession(db.Model):
    """One signed-in device. Revoked at sign-out, at password change, or by the person herself."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(300))
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined")


class Invitation(db.Model):
    """A single-use link: into the household of a project, or (without a project) for `user_id` to set a password.

    Only the hash of the link is kept. `used_by_id` is who came through it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20))
    relation: Mapped[str] = mapped_column(String(20), default="")
    right: Mapped[str] = mapped_column(String(10), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None]
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])


class OneTimeCode(db.Model):
    """A short code sent to a person for one purpose and subject; used once, a few attempts, a few minutes."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(80))
    code_hash: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index(None, "user_id", "purpose", "sent_at"),)


class SignInAttempt(db.Model):
    """Counted to throttle guessing per account and per address."""

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    succeeded: Mapped[bool]
    __table_args__ = (Index(None, "identifier", "at"), Index(None, "address", "at"))
