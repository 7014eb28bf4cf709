"""Own-channel registration and protection of leads (R001–R009, R015): one core for the pages and for the replay.

`registration` judges a customer being registered, `standing` says where a registered lead stands at a moment, `policy`
holds the company's numbers. The readings that the rules leave open are settled in the lead-history format.
"""

from portal.rules.lead_protection.policy import BadPolicy, Policy, Role
from portal.rules.lead_protection.registration import (
    Claim,
    Deal,
    Registration,
    Verdict,
    judge_registration,
    month_of,
    quota_of,
)
from portal.rules.lead_protection.standing import (
    LeadRecord,
    LeadState,
    Ruling,
    Standing,
    counts_as_extension,
    follow_up_deadline,
    lapse_moment,
    standing,
)

__all__ = [
    "BadPolicy",
    "Claim",
    "Deal",
    "LeadRecord",
    "LeadState",
    "Policy",
    "Registration",
    "Role",
    "Ruling",
    "Standing",
    "Verdict",
    "counts_as_extension",
    "follow_up_deadline",
    "judge_registration",
    "lapse_moment",
    "month_of",
    "quota_of",
    "standing",
]
