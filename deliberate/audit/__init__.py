"""The append-only, hash-chained record of acts of officers, facilitators and administrators."""
