"""Election silence: when it is, and what it changes in conversations. Pure.

Set by the municipality, not by us: no calendar of elections is kept here. Votes, support and
remarks go on, since they are acts of the person towards the office.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deliberate.kernel import clock
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Municipality, SilenceMode

READ_ONLY = Refusal(
    "silence.read_only",
    N_(
        "Trwa cisza wyborcza, więc do %(until)s rozmowy można tylko czytać. "
        "Głosowania, uwagi i poparcia działają jak zwykle."
    ),
)
NO_CHANGES = Refusal(
    "silence.no_changes",
    N_("Trwa cisza wyborcza, więc do %(until)s wypowiedzi nie można zmieniać."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A silence that is on; ``until`` is the first moment after it."""

    until: datetime
    mode: SilenceMode

    @property
    def ends(self) -> datetime:
        """Return the end as it is shown."""
        return clock.closing_time(self.until)

    @property
    def ends_text(self) -> str:
        return f"{self.ends:%d.%m.%Y, %H:%M}"


def find_silence(tenant: Municipality, now: datetime) -> Silence | None:
    """Return the silence of this moment; costs nothing where the municipality is read already."""
    begins, until = tenant.silence_from, tenant.silence_until
    if begins is None or until is None or not begins <= now < until:
        return None
    return Silence(until=until, mode=SilenceMode(tenant.silence_mode))


def speaking_refusal(silence: Silence | None) -> Refusal | None:
    """Return why nobody may speak in conversations now."""
    if silence is None or silence.mode is not SilenceMode.READ_ONLY:
        return None
    return READ_ONLY.with_values(until=silence.ends_text)


def changing_refusal(silence: Silence | None) -> Refusal | None:
    """Return why what was said may not be changed: it would go round the reading before."""
    if silence is None or silence.mode is SilenceMode.BANNER:
        return None
    return NO_CHANGES.with_values(until=silence.ends_text)
