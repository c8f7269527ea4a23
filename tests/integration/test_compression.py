"""What travels small: public pages of visitors, and built files under every municipality."""

import gzip
import json

import pytest
from flask import Flask

from deliberate import paths
from tests import make

GZIP = {"Accept-Encoding": "gzip"}


def test_a_visitors_page_is_compressed_and_says_the_same(app: Flask, tenant: int) -> None:
    client = make.client(app)

    whole = client.get("/g/lubowierz/konsultacje")
    small = client.get("/g/lubowierz/konsultacje", headers=GZIP)

    assert "Content-Encoding" not in whole.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == whole.data
    assert len(small.data) < len(whole.data) / 2
    assert small.headers["ETag"] == whole.headers["ETag"]
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Accept-Encoding" in whole.headers["Vary"]


@pytest.mark.first_on_both
@pytest.mark.parametrize("refusal", ["", "br", "gzip;q=0"])
def test_whoever_cannot_read_it_gets_it_whole(app: Flask, tenant: int, refusal: str) -> None:
    answer = make.client(app).get("/g/lubowierz/konsultacje", headers={"Accept-Encoding": refusal})

    assert "Content-Encoding" not in answer.headers
    assert b"<h1" in answer.data


def test_a_page_with_a_persons_token_is_never_compressed(app: Flask, tenant: int) -> None:
    client = make.client(app, signed_in=make.person(app, resident_of=tenant))

    answer = client.get("/konsultacje", headers=GZIP)

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_a_repeated_view_is_still_answered_with_nothing(app: Flask, tenant: int) -> None:
    client = make.client(app)
    etag = client.get("/g/lubowierz/konsultacje", headers=GZIP).headers["ETag"]

    again = client.get("/g/lubowierz/konsultacje", headers={**GZIP, "If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.first_on_both
@pytest.mark.parametrize("place", ["/static/build", "/g/lubowierz/static/build"])
def test_built_files_are_small_and_kept_for_a_year_wherever_they_lie(
    app: Flask, tenant: int, place: str
) -> None:
    name = json.loads((paths.STATIC / "build" / "manifest.json").read_text())["app.css"]

    answer = app.test_client().get(f"{place}/{name}", headers=GZIP)

    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    answer.close()
