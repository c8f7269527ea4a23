"""The pages of a vote, by who reads them."""

from deliberate.voting.views import (
    ballot,
    cards,
    check_list,
    code,
    code_batches,
    code_lists,
    coded,
    declared,
    desk,
    electorate,
    explanation,
    former,
    handing,
    methods,
    office,
    protocol,
    publication,
    result,
    roll,
    suspicions,
)
from deliberate.voting.views.cards import bp as desk_bp
from deliberate.voting.views.common import bp
from deliberate.voting.views.electorate import bp as electorate_bp
from deliberate.voting.views.methods import bp as methods_bp
from deliberate.voting.views.office import bp as office_bp
from deliberate.voting.views.publication import bp as publication_bp
from deliberate.voting.views.suspicions import bp as suspicions_bp

__all__ = [
    "ballot",
    "bp",
    "cards",
    "check_list",
    "code",
    "code_batches",
    "code_lists",
    "coded",
    "declared",
    "desk",
    "desk_bp",
    "electorate",
    "electorate_bp",
    "explanation",
    "former",
    "handing",
    "methods",
    "methods_bp",
    "office",
    "office_bp",
    "protocol",
    "publication",
    "publication_bp",
    "result",
    "roll",
    "suspicions",
    "suspicions_bp",
]
