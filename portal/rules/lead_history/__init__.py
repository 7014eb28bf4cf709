"""Lead histories: what `portal leads replay` reads and answers. Pure: bytes in, an object ready for JSON out."""

from portal.rules.lead_history.reading import BadHistory, History, parse
from portal.rules.lead_history.replaying import replay

__all__ = ["BadHistory", "History", "parse", "replay"]
