"""In whose name a person may write here: collected from whoever knows, chosen before writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from deliberate.accounts.models import Person
from deliberate.authorship.models import Capacity
from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One name in which a person may write. ``key`` is what the form sends: "organisation:5".

    ``consultation_id``: the only consultation where it may be used; None: anywhere here.
    """

    key: str
    capacity: Capacity
    label: str  # frozen with the statement: "Urząd Miasta, Wydział Edukacji"
    organisation_id: int | None = None
    unit_id: int | None = None
    consultation_id: int | None = None


Provider = Callable[[Municipality, Person], list[Voice]]


def register_provider(app: Flask, provider: Provider) -> None:
    """Have ``provider(tenant, person)`` asked; they are asked in the order of registering."""
    app.extensions.setdefault("deliberate.voices", []).append(provider)


def list_voices(
    tenant: Municipality, person: Person, *, consultation_id: int | None = None
) -> list[Voice]:
    """Return every name in which the person may write, the most personal first.

    Without ``consultation_id`` those of a role in a single consultation are left out.
    """
    providers: list[Provider] = current_app.extensions.get("deliberate.voices", [])
    return [
        voice
        for provider in providers
        for voice in provider(tenant, person)
        if voice.consultation_id in (None, consultation_id)
    ]


def find_voice(
    tenant: Municipality, person: Person, key: str, *, consultation_id: int | None = None
) -> Voice | None:
    """Return the voice with this key, or None: never trust the form's word for it."""
    voices = list_voices(tenant, person, consultation_id=consultation_id)
    return next((voice for voice in voices if voice.key == key), None)
