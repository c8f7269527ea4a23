"""The pages of a vote, by who reads them."""

from deliberate.voting.views import (
    ballot,
    check_list,
    code,
    code_batches,
    coded,
    declared,
    electorate,
    former,
    methods,
    office,
    protocol,
    publication,
    result,
    roll,
)
from deliberate.voting.views.common import bp
from deliberate.voting.views.electorate import bp as electorate_bp
from deliberate.voting.views.methods import bp as methods_bp
from deliberate.voting.views.office import bp as office_bp
from deliberate.voting.views.publication import bp as publication_bp

__all__ = [
    "ballot",
    "bp",
    "check_list",
    "code",
    "code_batches",
    "coded",
    "declared",
    "electorate",
    "electorate_bp",
    "former",
    "methods",
    "methods_bp",
    "office",
    "office_bp",
    "protocol",
    "publication",
    "publication_bp",
    "result",
    "roll",
]
