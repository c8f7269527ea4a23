"""A letter's words, in the reader's language; without a request, since the worker writes too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from deliberate.kernel.i18n import say, speaking
from deliberate.tenancy.models import Municipality

_GAP = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """``subject`` is one line; ``body`` is plain text."""

    subject: str
    body: str


def compose(
    tenant: Municipality,
    locale: str,
    *,
    subject: str,
    template: str,
    values: Mapping[str, object],
) -> Letter:
    """Write ``templates/emails/<template>.txt``; ``subject`` is a text marked with N_.

    ``values`` fill the template and the ``%(name)s`` places of the subject.
    """
    with speaking(locale):
        page = current_app.jinja_env.get_template(f"emails/{template}.txt")
        body = page.render(**values, tenant=tenant, locale=locale)
        return Letter(subject=say(subject, **values), body=_GAP.sub("\n\n", body).strip() + "\n")
