"""Every way of counting votes in plain words, for whoever chooses one or reads a result."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.algorithms.counting import METHODS
from deliberate.voting import wording

bp = Blueprint("voting_methods", __name__, url_prefix="/jak-liczymy-glosy")


@bp.get("")
@public
def methods() -> ResponseReturnValue:
    told = [
        (
            key,
            wording.METHOD_WORDS[key],
            [wording.KINDS[kind][0] for kind in wording.KINDS if kind in method.ballots],
            method.source,
        )
        for key, method in METHODS.items()
    ]
    return render_template("voting/methods.html", methods=told)
