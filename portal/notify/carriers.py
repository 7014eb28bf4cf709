"""The ways out of the house: SMTP, and an external command for SMS."""

from __future__ import annotations

import json
import shlex
import smtplib
import ssl
import subprocess
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_S = 20


class Undeliverable(Exception):
    """The other side says that this message will never arrive: trying again is useless."""


@dataclass(frozen=True)
class Letter:
    """What is sent: an address, words, and a whole address to open."""

    ident: int
    address: str
    subject: str
    body: str
    url: str
    language: str
    kind: str

    @property
    def text(self) -> str:
        return f"{self.body}\n{self.url}" if self.url else self.body


def by_command(letter: Letter, command: str) -> None:
    """Give the message as one JSON line to `command`; it answers 0 when the message is on its way.

    Raises RuntimeError with the end of what the command said, or TimeoutExpired.
    """
    line = {
        "id": letter.ident,
        "to": letter.address,
        "text": letter.text,
        "kind": letter.kind,
        "language": letter.language,
    }
    done = subprocess.run(  # noqa: S603 (the operator's own command, no shell, the message on its input)
        shlex.split(command),
        input=json.dumps(line, ensure_ascii=False) + "\n",
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-200:]
        raise RuntimeError(f"SMS command: exit {done.returncode} {said}".strip())


def by_smtp(letter: Letter, smtp_url: str, sender_name: str) -> None:
    """Send by `smtp://user:password@host:port?from=address` (`smtps://` for TLS from the first byte).

    TLS is used whenever the server offers it. Raises Undeliverable when the server refuses the address for good,
    SMTPException or OSError otherwise.
    """
    url = urlsplit(smtp_url)
    sender = parse_qs(url.query).get("from", [""])[0] or _sender(url)
    message = _message(letter, sender, sender_name)
    try:
        with _server(url) as server:
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message, from_addr=sender, to_addrs=[letter.address])
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        if 500 <= code < 600:
            raise Undeliverable(f"SMTP {code} {said.decode(errors='replace')[:200]}") from None
        raise


def _server(url) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(url.hostname, url.port or 465, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(url.hostname, url.port or 25, timeout=TIMEOUT_S)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    return server


def _sender(url) -> str:
    user = unquote(url.username or "")
    return user if "@" in user else f"portal@{url.hostname}"


def _message(letter: Letter, sender: str, sender_name: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = " ".join(letter.subject.split())
    message["From"] = f"{_quoted(sender_name)} <{sender}>" if sender_name else sender
    message["To"] = letter.address
    message["Date"] = formatdate(localtime=False)
    # The same message sent twice has the same id, so that mail programs show it once.
    message["Message-ID"] = f"<message-{letter.ident}@{sender.rpartition('@')[2]}>" if letter.ident else make_msgid()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _quoted(name: str) -> str:
    return '"' + " ".join(name.split()).replace("\\", "").replace('"', "") + '"'
