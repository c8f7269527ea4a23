"""Letters to people whose vote was held: that it counts or not, why, and what they can do.

They go the way the first letter went, before the count. The reason is what two persons agreed to.
"""

from __future__ import annotations

from collections.abc import Sequence

from deliberate.kernel import clock, i18n, mail, paper, sms
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.notifications.actions import must_tell
from deliberate.tenancy.models import Municipality
from deliberate.voting.cases import Decision
from deliberate.voting.code_letters import MOST_SECONDS
from deliberate.voting.contacts import Contact, ContactKind
from deliberate.voting.held_letters import OTHER_LANGUAGES, address_of
from deliberate.voting.models import Poll
from deliberate.voting.quarantine import Addressee
from deliberate.voting.states import Verdict

KIND = "voting.decided"
SUBJECT = N_("Decyzja o Twoim głosie")
SAID = {
    Verdict.KEEP: N_("Dwie osoby zdecydowały: Twój głos w głosowaniu „%(title)s” się liczy."),
    Verdict.TAKE_OUT: N_(
        "Dwie osoby zdecydowały: Twój głos w głosowaniu „%(title)s” nie będzie policzony."
    ),
}
NEXT = {
    Verdict.KEEP: N_("Nie musisz nic robić. Pytania: %(phone)s, podaj numer sprawy."),
    Verdict.TAKE_OUT: N_(
        "Jeśli się z tym nie zgadzasz, zadzwoń pod numer %(phone)s, napisz albo przyjdź do urzędu "
        "i podaj numer sprawy. Po ogłoszeniu wyniku możesz złożyć protest."
    ),
}
MESSAGE = {
    Verdict.KEEP: N_(
        "Głosowanie %(place)s, sprawa %(number)s: Twój głos się liczy. Powód: %(reason)s "
        "Pytania: %(phone)s."
    ),
    Verdict.TAKE_OUT: N_(
        "Głosowanie %(place)s, sprawa %(number)s: Twój głos nie będzie policzony. Powód: "
        "%(reason)s Możesz się nie zgodzić: %(phone)s, a po wyniku złożyć protest."
    ),
}
NOBODY_KNOWS = N_("Nikt nie wie i nie zapyta, na co padł głos.")


def send(
    tenant: Municipality, poll: Poll, contact: Contact, decision: Decision, *, locale: str
) -> None:
    """Write to a telephone or an e-mail, in the caller's transaction."""
    dedupe = f"{KIND}:{decision.number}"
    with i18n.speaking(locale):
        if contact.kind is ContactKind.SMS:
            body = say(
                MESSAGE[decision.verdict],
                place=tenant.where_in(locale),
                number=decision.number,
                reason=_sentence(decision.reason),
                phone=tenant.office_phone,
            )
            mail.write(
                kind=KIND,
                address=sms.address(contact.address),
                subject=say(SUBJECT),
                body=body,
                locale=locale,
                tenant_id=tenant.id,
                dedupe=dedupe,
            )
            return
        said, then = _said(tenant, poll, decision.verdict)
    must_tell(
        contact.address,
        tenant=tenant,
        locale=locale,
        kind=KIND,
        subject=SUBJECT,
        template="voting/decided",
        values={"number": decision.number, "said": said, "reason": decision.reason, "then": then},
        dedupe=dedupe,
    )


def print_all(
    tenant: Municipality, poll: Poll, letters: Sequence[tuple[Addressee, Decision]]
) -> bytes:
    """Return letters for the post as a PDF, a sheet each. Slow; never inside a transaction."""
    with i18n.speaking("pl"):
        data = {
            "title": say(N_("Decyzje o głosach: %(title)s"), title=poll.title),
            "heading": say(SUBJECT),
            "office": tenant.office_name,
            "office_address": tenant.office_address,
            "reason_label": say(N_("Powód")),
            "nobody_knows": say(NOBODY_KNOWS),
            "letters": [
                {
                    "to": address_of(tenant, addressee),
                    "number": say(N_("Numer sprawy: %(number)s"), number=decision.number),
                    "reason": decision.reason,
                    **dict(
                        zip(("said", "then"), _said(tenant, poll, decision.verdict), strict=True)
                    ),
                    "others": [
                        _in(language, tenant, poll, decision) for language in OTHER_LANGUAGES
                    ],
                }
                for addressee, decision in letters
            ],
        }
    return paper.typeset(
        "decision_letters", data, language="pl", at=clock.now(), seconds=MOST_SECONDS
    )


def _in(language: str, tenant: Municipality, poll: Poll, decision: Decision) -> dict[str, str]:
    with i18n.speaking(language):
        return {"lang": language, "text": " ".join(_said(tenant, poll, decision.verdict))}


def _said(tenant: Municipality, poll: Poll, verdict: Verdict) -> tuple[str, str]:
    return (
        say(SAID[verdict], title=poll.title),
        say(NEXT[verdict], phone=tenant.office_phone),
    )


def _sentence(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
