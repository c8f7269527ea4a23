"""Limits: the last allowed attempt passes, the next does not, and no two keys share a count."""

from datetime import timedelta

import pytest
from flask import Flask

from deliberate.kernel import ratelimit
from deliberate.kernel.db import transaction
from deliberate.kernel.ratelimit import Limit, TooMany

LIMIT = Limit(bucket="test", most=3, per=timedelta(minutes=5))


def attempt(app: Flask, key: str, limit: Limit = LIMIT) -> None:
    with app.app_context(), transaction():
        ratelimit.check(limit, key)
        ratelimit.count(limit, key)


def test_the_fourth_of_three_is_refused_with_its_time(app: Flask) -> None:
    for _ in range(3):
        attempt(app, "halina")

    with pytest.raises(TooMany) as refused:
        attempt(app, "halina")
    assert refused.value.retry_at.timestamp() % 300 == 0


def test_other_keys_and_buckets_have_their_own_count(app: Flask) -> None:
    for _ in range(3):
        attempt(app, "halina")

    attempt(app, "wieslaw")
    attempt(app, "halina", Limit(bucket="other", most=3, per=timedelta(minutes=5)))


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
    ],
)
def test_an_ipv6_neighbourhood_counts_as_one(app: Flask, address: str, network: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert ratelimit.address() == network
