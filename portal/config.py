"""Every environment variable, read once. A missing secret stops the start with a sentence that says what to set."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1024 * 1024


class Misconfigured(SystemExit):
    """A setting is missing or wrong; the message says which one and what to set."""


@dataclass(frozen=True)
class Settings:
    """What the environment decides. Times and sizes carry their unit in the name."""

    mode: str
    home: Path
    secret_key: str
    database_url: str
    host: str
    port: int
    public_url: str
    secure_cookies: bool
    trusted_proxies: int
    smtp_url: str
    sms_command: str
    seal_p12: str
    seal_p12_password: str
    tsa_url: str
    dwg_command: str
    metrics_token: str
    upload_limit_bytes: int = 200 * MEGABYTE
    form_limit_bytes: int = 4 * MEGABYTE
    photo_limit_bytes: int = 30 * MEGABYTE
    session_idle_days: int = 30
    extra: dict = field(default_factory=dict)

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @property
    def storage_dir(self) -> Path:
        return self.home / "files"

    @property
    def keys_dir(self) -> Path:
        return self.home / "keys"


def from_environment(env=os.environ) -> Settings:
    """Settings of this process. Raises Misconfigured with one plain sentence."""
    mode = env.get("PORTAL_MODE", "demo")
    if mode not in ("demo", "production"):
        raise Misconfigured(f'PORTAL_MODE is "{mode}": set it to "demo" or "production".')
    home = Path(env.get("PORTAL_HOME", "instance")).absolute()
    home.mkdir(parents=True, exist_ok=True)
    public_url = env.get("PORTAL_URL", "").rstrip("/")
    if mode == "production" and not public_url.startswith("https://"):
        raise Misconfigured("PORTAL_URL is missing: set it to the https:// address that people open, e.g. https://portal.example.cn.")
    host, port = env.get("HOST", "127.0.0.1"), _whole_number(env, "PORT", 8000)
    return Settings(
        mode=mode,
        home=home,
        secret_key=_secret_key(env, mode, home),
        database_url=_database_url(env, home),
        host=host,
        port=port,
        public_url=public_url or f"http://{host}:{port}",
        secure_cookies=mode == "production",
        trusted_proxies=_whole_number(env, "PORTAL_PROXIES", 0),
        smtp_url=env.get("PORTAL_SMTP_URL", ""),
        sms_command=env.get("PORTAL_SMS_COMMAND", ""),
        seal_p12=env.get("PORTAL_SEAL_P12", ""),
        seal_p12_password=env.get("PORTAL_SEAL_P12_PASSWORD", ""),
        tsa_url=env.get("PORTAL_TSA_URL", ""),
        dwg_command=env.get("PORTAL_DWG_COMMAND", ""),
        metrics_token=env.get("PORTAL_METRICS_TOKEN", ""),
    )


def _whole_number(env, name: str, default: int) -> int:
    text = env.get(name, "") or str(default)
    if not text.isdigit():
        raise Misconfigured(f'{name} is "{text}": set it to a whole number.')
    return int(text)


def _database_url(env, home: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{home / 'portal.db'}"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _secret_key(env, mode: str, home: Path) -> str:
    given = env.get("SECRET_KEY", "")
    if mode == "production":
        if len(given) < 32:
            raise Misconfigured(
                "SECRET_KEY is missing or shorter than 32 characters: set it to a long random text and keep it; "
                "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` makes one."
            )
        return given
    return given or _kept_secret(home / "secret_key")


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
