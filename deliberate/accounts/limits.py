"""How often one may try to get in. Numbers of trust.md no. 28, counted in kernel.ratelimit.

An account is limited for itself, a network for its failures only: two hundred people in one
library sign in after each other. Nothing here depends on whether an account exists.

A second factor has a limit of a day too: at ten tries in five minutes, whoever has the first
factor would guess six digits, of which three are right at any time, within months.

Codes: six an hour for one address, so that nobody's letter-box is filled by a stranger (the
sources limit letters to three in six hours; with ten minutes' validity that would lock out people
whose letters come late), and 600 an hour from one network, so that we are no machine for writing
to strangers.
"""

from __future__ import annotations

from datetime import timedelta

from deliberate.kernel import ratelimit
from deliberate.kernel.ratelimit import Limit

FAILURES_OF_ACCOUNT = Limit(bucket="sign_in.account", most=10, per=timedelta(minutes=5))
FAILURES_TOLD = Limit(bucket="sign_in.told", most=10, per=timedelta(days=1))
FAILURES_OF_SECOND = Limit(bucket="sign_in.second", most=50, per=timedelta(days=1))
FAILURES_OF_NETWORK = Limit(bucket="sign_in.network", most=100, per=timedelta(minutes=10))
REGISTRATIONS = Limit(bucket="register.network", most=60, per=timedelta(hours=1))
CODES_FOR_ADDRESS = Limit(bucket="code.address", most=6, per=timedelta(hours=1))
CODES_OF_NETWORK = Limit(bucket="code.network", most=600, per=timedelta(hours=1))


def check_failures(account: str) -> None:
    """Raise TooMany when this account or this network has failed too often."""
    ratelimit.check(FAILURES_OF_ACCOUNT, account)
    ratelimit.check(FAILURES_OF_NETWORK, ratelimit.address())


def count_failure(account: str) -> bool:
    """Count a wrong code or password. Needs an open transaction, which must be committed.

    Returns whether the day's failures have just become so many that the owner is to know: also
    of slow ones, which never come near the limit of five minutes.
    """
    ratelimit.count(FAILURES_OF_ACCOUNT, account)
    ratelimit.count(FAILURES_OF_NETWORK, ratelimit.address())
    if _is_used_up(FAILURES_TOLD, account):
        return False
    ratelimit.count(FAILURES_TOLD, account)
    return _is_used_up(FAILURES_TOLD, account)


def check_second_failures(account: str) -> None:
    """Raise TooMany where this account or network has failed too often, at a second factor too."""
    check_failures(account)
    ratelimit.check(FAILURES_OF_SECOND, account)


def count_second_failure(account: str) -> None:
    """Count a wrong code of a second factor, beside ``count_failure``. Needs a transaction."""
    ratelimit.count(FAILURES_OF_SECOND, account)


def use_code_letter(account: str) -> None:
    """Count a letter with a code, or raise TooMany. Needs an open transaction."""
    for limit, key in ((CODES_FOR_ADDRESS, account), (CODES_OF_NETWORK, ratelimit.address())):
        ratelimit.check(limit, key)
        ratelimit.count(limit, key)


def use_registration() -> None:
    """Count a new account, or raise TooMany. Needs an open transaction."""
    ratelimit.check(REGISTRATIONS, ratelimit.address())
    ratelimit.count(REGISTRATIONS, ratelimit.address())


def _is_used_up(limit: Limit, key: str) -> bool:
    try:
        ratelimit.check(limit, key)
    except ratelimit.TooMany:
        return True
    return False
