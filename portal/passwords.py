"""Passwords: argon2, and the same time for an account that does not exist."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

from portal.extensions import settings


def hashed(password: str) -> str:
    """What is stored instead of `password`."""
    return _hasher().hash(password)


def matches(stored: str | None, given: str) -> bool:
    """Whether `given` is the password behind `stored`. Without one it takes as long and is False.

    Takes a quarter of a second of work on purpose: call it outside of a transaction.
    """
    try:
        return _hasher().verify(stored or _nobodys(_cheap()), given) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether `stored` was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def keyed(text: str) -> str:
    """A fingerprint that only we can make: nobody finds short codes by trying all of them on a stolen table."""
    return hmac.new(settings.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _hasher() -> PasswordHasher:
    return _with_cost(_cheap())


@cache
def _with_cost(cheap: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


@cache
def _nobodys(cheap: bool) -> str:
    return _with_cost(cheap).hash("nobody has this password")


def _cheap() -> bool:
    return bool(current_app.config.get("CHEAP_PASSWORDS"))
