"""A municipality's version rises with every transaction that changes what its pages may show."""

from sqlalchemy import event, update
from sqlalchemy.orm import Session, UOWTransaction

from deliberate.kernel.db import TOUCHED, before_commit
from deliberate.tenancy.models import Municipality


@event.listens_for(Session, "after_flush")
def note_changed_settings(session: Session, _context: UOWTransaction) -> None:
    """Note a municipality whose own row changed: it has no tenant_id, as other public rows do."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Municipality):
            session.info.setdefault(TOUCHED, set()).add(row.id)


@before_commit
def raise_versions(session: Session) -> None:
    """Raise the versions of the touched, in the order of ids: no two wait crosswise."""
    for tenant_id in sorted(session.info.pop(TOUCHED, set())):
        session.execute(
            update(Municipality)
            .where(Municipality.id == tenant_id)
            .values(version=Municipality.version + 1)
            .execution_options(synchronize_session=False)
        )
