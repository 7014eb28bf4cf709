"""Who belongs to a household and what she may do there."""

from __future__ import annotations

from portal.rules.words import N_, Labelled


class Relation(Labelled):
    """What the member is to the home."""

    OWNER = "owner", N_("业主本人")
    SPOUSE = "spouse", N_("配偶")
    PARENT = "parent", N_("父母")
    OTHER = "other", N_("其他家人")


class Right(Labelled):
    """Everyone with the right to sign has to sign; the others see the same pages and cannot sign."""

    SIGN = "sign", N_("可以签字")
    VIEW = "view", N_("只能查看")
