"""Every view carries exactly one of these; an application with an undeclared one does not start."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, g
from flask.typing import ResponseReturnValue

from deliberate.access.roles import permissions_of
from deliberate.kernel.actor import Actor, Role, current_actor

View = Callable[..., ResponseReturnValue]
# Loads, through the municipality, what the URL names; gets the URL's parts, answers 404 itself.
Loader = Callable[..., Any]


class Undeclared(Exception):
    """Routes that do not say who may call them."""


def public(view: View) -> View:
    """Open to everyone."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Open to anyone with an account; whether they may do the thing is for the rule to say."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if current_actor().person_id is None:
            abort(401)
        return view(*args, **kwargs)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def never_cached(view: View) -> View:
    """Say that a public page shows more than its municipality's version tells (kernel.caching)."""
    view.never_cached = True  # type: ignore[attr-defined]
    return view


def requires(
    permission: StrEnum, *, on: Loader | None = None, anywhere: bool = False
) -> Callable[[View], View]:
    """Open to whoever holds ``permission`` here.

    Without ``on`` the role must be held in the whole municipality; ``anywhere`` lets in also who
    holds it for one consultation, to a desk that shows no more than what that role reaches. With
    ``on`` the view gets the loaded object in place of the URL's parts, and the role must reach the
    object: the whole municipality, or its consultation (``object.consultation_scope``).
    """

    def lets_in(actor: Actor) -> bool:
        if on is None and not anywhere:
            return holds_everywhere(actor, permission)
        return holds(actor, permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            actor = current_actor()
            if actor.person_id is None:
                abort(401)
            if not lets_in(actor):
                refuse(permission)
            if on is None:
                return view(*args, **kwargs)
            loaded = on(*args, **kwargs)
            if not holds(actor, permission, on=loaded):
                refuse(permission)
            return view(loaded)

        guarded.access = str(permission)  # type: ignore[attr-defined]
        guarded.on_object = on is not None  # type: ignore[attr-defined]
        guarded.lets_in = lets_in  # type: ignore[attr-defined]
        return guarded

    return decorate


def holds(actor: Actor, permission: str, *, on: Any = None) -> bool:
    """Tell whether the actor has a permission: on an object, or (None) anywhere here.

    Any: an object of any feature that has ``consultation_scope``, the consultation's id or None.
    """
    for grant in actor.grants:
        if permission not in permissions_of(grant.role):
            continue
        if on is None or grant.consultation_id is None:
            return True
        if grant.consultation_id == on.consultation_scope:
            return True
    return False


def holds_everywhere(actor: Actor, permission: str) -> bool:
    """Tell whether the actor has a permission in the whole municipality, not one consultation."""
    return any(
        grant.consultation_id is None and permission in permissions_of(grant.role)
        for grant in actor.grants
    )


def may(permission: str, on: Any = None) -> bool:
    """Tell a template whether to show an act: the permission held here, or on an object."""
    return holds(current_actor(), permission, on=on)


def admits(endpoint: str) -> bool:
    """Tell a page whether to show a link to a desk: asked of the view that will answer."""
    view: Any = current_app.view_functions[endpoint]  # Any: with what ``requires`` gave it
    return bool(view.lets_in(current_actor()))


def roles_with(permission: str) -> list[Role]:
    """Return the roles that give a permission, for the page that refuses."""
    return [role for role in Role if permission in permissions_of(role)]


def refuse(permission: str) -> None:
    """Answer 403 with a page that names the roles needed."""
    g.needed_roles = roles_with(permission)
    abort(403)


def check_declared(app: Flask) -> None:
    """Raise Undeclared, naming every route whose view says nothing about access."""
    silent = sorted(
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access")
    )
    if silent:
        raise Undeclared("Views without declared access: " + ", ".join(silent))
