"""What pages of the registers load and show alike."""

from __future__ import annotations

from flask import url_for

from deliberate.kernel import ids
from deliberate.petitions import queries
from deliberate.petitions.kinds import SLUGS, Register
from deliberate.petitions.models import Entry
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

# No number is larger: an address with one is an address of nothing, not an error of a database.
ID = "<int(max=2147483647):entry_id>"
ONE = f"/<any({','.join(SLUGS.values())}):register>/{ID}"
OWN = f"/moje/rejestry/{ID}"
DESK = f"/urzad/rejestry/{ID}"


def load(entry_id: int) -> Entry:
    """Load for @requires: in any state but people's own drafts, through the municipality."""
    return queries.get_for_office(current_tenant(), entry_id)


def page_of(entry: Entry) -> str:
    return url_for("petitions.show", register=SLUGS[entry.register], entry_id=entry.id)


def desk_of(entry: Entry) -> str:
    return url_for("petitions.desk_show", entry_id=entry.id)


def list_of(register: Register) -> str:
    return url_for(INDEXES[register])


INDEXES = {
    Register.REQUEST: "petitions.requests",
    Register.INITIATIVE: "petitions.initiatives",
    Register.PETITION: "petitions.petitions",
}


def areas() -> list[tuple[int, str]]:
    return [(area.id, area.name) for area in tenancy.list_areas(current_tenant())]


def new_key() -> str:
    return ids.new_token()
