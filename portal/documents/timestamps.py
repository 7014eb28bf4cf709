"""Time stamps of an RFC 3161 service. Unreachable means TimestampUnavailable: the caller tries again later,
nothing falls back.
"""

from __future__ import annotations

import asyncio
import urllib.request

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from portal.documents.accounting import Unaccounted, only_needed

_LARGEST_ANSWER_BYTES = 256 * 1024


class TimestampUnavailable(Exception):
    """The time-stamp service did not answer, or not with a time stamp: the document stays "being sealed"."""


class TimestampService(TimeStamper):
    """Asks `url` for a time stamp. Certificates that the token does not need are dropped: no signature covers them."""

    def __init__(self, url: str, timeout_seconds: float = 10):
        super().__init__()
        self._url, self._timeout_seconds = url, timeout_seconds

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await asyncio.to_thread(self._ask, req.dump())

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = only_needed(await super().async_timestamp(message_digest, md_algorithm))
            stamped = (
                token["content"]["encap_content_info"]["content"].parsed["message_imprint"]["hashed_message"].native
            )
        except (TimestampRequestError, Unaccounted, ValueError, TypeError, KeyError, AttributeError) as problem:
            raise TimestampUnavailable(f"the time-stamp service gave no usable answer: {problem}") from problem
        if stamped != message_digest:
            raise TimestampUnavailable("the time-stamp service stamped something else")
        return token

    def _ask(self, question: bytes) -> tsp.TimeStampResp:
        if not self._url.startswith(("http://", "https://")):
            raise TimestampUnavailable("PORTAL_TSA_URL is not a web address")
        request = urllib.request.Request(self._url, question, {"Content-Type": "application/timestamp-query"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self._timeout_seconds) as answer:  # noqa: S310
                return tsp.TimeStampResp.load(answer.read(_LARGEST_ANSWER_BYTES), strict=True)
        except (OSError, ValueError) as problem:
            raise TimestampUnavailable(f"the time-stamp service cannot be reached: {problem}") from problem
