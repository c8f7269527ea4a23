"""Building what tests need: plain functions, sensible defaults, name only what matters.

Each returns an id. Rows are written as an action would leave them, in transactions of their own.
"""

from tests.make.answers import published_answer
from tests.make.approvals import approval
from tests.make.ballots import marks, said, section
from tests.make.base import add
from tests.make.consultations import consultation, phase
from tests.make.discussion import contribution, summary, thread, thread_of, withdrawn
from tests.make.documents import document, document_draft, document_version, remark
from tests.make.factors import SECRET, app_code, second_factor
from tests.make.meetings import meeting
from tests.make.moderation import hidden, notice
from tests.make.municipalities import RULES, area, municipality, unit
from tests.make.organisations import organisation
from tests.make.people import membership, person, residents, staff
from tests.make.proposals import proposal, support
from tests.make.registers import entry
from tests.make.reports import report
from tests.make.signing_in import client, password, sign_in, without_tokens
from tests.make.surveys import PARK, survey
from tests.make.voting import drawn, poll, publish_poll

__all__ = [
    "PARK",
    "RULES",
    "SECRET",
    "add",
    "app_code",
    "approval",
    "area",
    "client",
    "consultation",
    "contribution",
    "document",
    "document_draft",
    "document_version",
    "drawn",
    "entry",
    "hidden",
    "marks",
    "meeting",
    "membership",
    "municipality",
    "notice",
    "organisation",
    "password",
    "person",
    "phase",
    "poll",
    "proposal",
    "publish_poll",
    "published_answer",
    "remark",
    "report",
    "residents",
    "said",
    "second_factor",
    "section",
    "sign_in",
    "staff",
    "summary",
    "support",
    "survey",
    "thread",
    "thread_of",
    "unit",
    "withdrawn",
    "without_tokens",
]
