"""How often codes for voting may be asked for and guessed, counted in kernel.ratelimit.

As for signing in: a contact is limited for itself, a network so widely that two hundred people in
one library can vote. One telephone may serve a family, so it gets more codes than an account.
"""

from __future__ import annotations

from datetime import timedelta

from deliberate.kernel import ratelimit
from deliberate.kernel.ratelimit import Limit

CODES_FOR_CONTACT = Limit(bucket="vote_code.contact", most=12, per=timedelta(hours=1))
CODES_OF_NETWORK = Limit(bucket="vote_code.network", most=600, per=timedelta(hours=1))
FAILURES_OF_CONTACT = Limit(bucket="vote_code.wrong", most=15, per=timedelta(hours=1))
FAILURES_OF_NETWORK = Limit(bucket="vote_code.network_wrong", most=100, per=timedelta(minutes=10))

# A code in a letter has 60 bits: these are for people who mistype, and for the logs.
GUESSES_OF_NETWORK = Limit(bucket="voting_code.network", most=60, per=timedelta(minutes=10))


def check_guesses(network: str) -> None:
    """Raise TooMany where too many codes came from this network that there are not."""
    ratelimit.check(GUESSES_OF_NETWORK, network)


def count_guess(network: str) -> None:
    """Count a code that there is not. Needs an open transaction, which must be committed."""
    ratelimit.count(GUESSES_OF_NETWORK, network)


def use_code(contact: str, network: str) -> None:
    """Count a code that is sent, or raise TooMany. Needs an open transaction."""
    for limit, key in ((CODES_FOR_CONTACT, contact), (CODES_OF_NETWORK, network)):
        ratelimit.check(limit, key)
        ratelimit.count(limit, key)


def check_failures(contact: str, network: str) -> None:
    """Raise TooMany where too many wrong codes came for this contact or from this network."""
    ratelimit.check(FAILURES_OF_CONTACT, contact)
    ratelimit.check(FAILURES_OF_NETWORK, network)


def count_failure(contact: str, network: str) -> None:
    """Count a wrong code. Needs an open transaction, which must be committed."""
    ratelimit.count(FAILURES_OF_CONTACT, contact)
    ratelimit.count(FAILURES_OF_NETWORK, network)
