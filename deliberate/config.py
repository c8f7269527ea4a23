"""The settings of an installation: read from the environment once, typed, checked at start.

What a municipality may choose for itself is in ``tenancy``, not here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST_KEY = 32  # characters; 256 bits as hex are 64
EXAMPLE_KEYS = frozenset({"changeme", "secret", "example", "dev", "test"})


class Mode(StrEnum):
    """What the installation is for."""

    PRODUCTION = "production"
    DEMO = "demo"  # made-up world, mail readable at /poczta, a stripe on every page
    TEST = "test"


class BadSetting(Exception):
    """A setting is missing or cannot be right; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that the operator decides. Addresses have no slash at their end."""

    database_url: str
    secret_key: str = field(repr=False)
    folder: Path  # uploaded files and keys; never served as it is
    mode: Mode = Mode.PRODUCTION
    public_url: str = ""  # where people reach us when municipalities share one host
    by_path: bool = False  # municipalities at /g/<slug>/ beside their own hosts
    smtp_url: str = ""  # smtp+starttls://user:password@host:587; empty: mail stays in the outbox
    mail_from: str = "deliberate@localhost"
    sms: str = ""  # file:PATH; empty: nobody is offered a code on a telephone
    security_contact: str = ""  # for security.txt, mailto: or https:; empty: mail_from
    proxies: int = 0  # how many trusted proxies stand before us
    old_secret_keys: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if len(self.secret_key) < SHORTEST_KEY or self.secret_key.lower() in EXAMPLE_KEYS:
            msg = f"DELIBERATE_SECRET_KEY ma mieć co najmniej {SHORTEST_KEY} znaki i być losowy."
            raise BadSetting(msg)
        if self.by_path and not self.public_url:
            raise BadSetting("DELIBERATE_BY_PATH wymaga DELIBERATE_PUBLIC_URL.")
        if self.security_contact and not self.security_contact.startswith(("mailto:", "https://")):
            msg = "DELIBERATE_SECURITY_CONTACT zaczyna się od mailto: albo https://."
            raise BadSetting(msg)
        if self.sms and not self.sms.startswith("file:/"):
            raise BadSetting("DELIBERATE_SMS zaczyna się od file:/, za tym stoi ścieżka pliku.")
        if self.proxies < 0:
            raise BadSetting("DELIBERATE_PROXIES to liczba zaufanych pośredników, od 0.")

    @property
    def is_demo(self) -> bool:
        return self.mode is Mode.DEMO

    @property
    def offers_sms(self) -> bool:
        """Whether messages to telephones go out; in the demo they are read at /poczta."""
        return bool(self.sms) or self.is_demo

    @property
    def https(self) -> bool:
        """Whether people reach us over https, so that cookies may say Secure."""
        return not self.public_url.startswith("http://")

    @property
    def reports_to(self) -> str:
        """Where somebody who found a hole writes to."""
        return self.security_contact or f"mailto:{parseaddr(self.mail_from)[1]}"

    def origin(self, *, host: str, slug: str) -> str:
        """Return where a municipality's pages begin, for links in letters."""
        if self.by_path:
            return f"{self.public_url}/g/{slug}"
        return f"https://{host}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read ``DELIBERATE_*``; raise BadSetting naming the first one that is wrong."""
        env = os.environ if environment is None else environment
        for name in ("DELIBERATE_DATABASE_URL", "DELIBERATE_SECRET_KEY", "DELIBERATE_FOLDER"):
            if not env.get(name):
                raise BadSetting(f"Brakuje ustawienia {name}.")
        try:
            mode = Mode(env.get("DELIBERATE_MODE", Mode.PRODUCTION))
            proxies = int(env.get("DELIBERATE_PROXIES", "0"))
        except ValueError as error:
            raise BadSetting(f"Nieznana wartość ustawienia: {error}") from error
        return cls(
            database_url=_known_url(env["DELIBERATE_DATABASE_URL"]),
            secret_key=env["DELIBERATE_SECRET_KEY"],
            folder=Path(env["DELIBERATE_FOLDER"]),
            mode=mode,
            public_url=env.get("DELIBERATE_PUBLIC_URL", "").rstrip("/"),
            by_path=env.get("DELIBERATE_BY_PATH", "") == "1",
            smtp_url=env.get("DELIBERATE_SMTP_URL", ""),
            mail_from=env.get("DELIBERATE_MAIL_FROM", "deliberate@localhost"),
            sms=env.get("DELIBERATE_SMS", ""),
            security_contact=env.get("DELIBERATE_SECURITY_CONTACT", ""),
            proxies=proxies,
            old_secret_keys=tuple(
                filter(None, env.get("DELIBERATE_OLD_SECRET_KEYS", "").split(","))
            ),
        )

    @classmethod
    def for_tests(cls, *, database_url: str, folder: Path) -> Settings:
        """Return the settings under which tests run: by path, over http, no real mail."""
        return cls(
            database_url=_known_url(database_url),
            secret_key="for-tests-only-for-tests-only-for-tests",  # noqa: S106 - guards nothing
            folder=folder,
            mode=Mode.TEST,
            public_url="http://localhost",
            by_path=True,
        )


def _known_url(url: str) -> str:
    """Accept what hosting companies hand out: SQLAlchemy refuses ``postgres://``."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("DELIBERATE_DATABASE_URL zaczyna się od sqlite:/// albo postgresql://.")
    return url
