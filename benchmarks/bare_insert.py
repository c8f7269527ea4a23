"""What a cast vote is compared with: Flask, one row, one durable commit. Nothing else.

Writes into the database of the product, with the same settings of its connections;
BENCH_DATABASE_URL names it.
"""

import os
import secrets

from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from deliberate.kernel.db import SQLITE_PRAGMAS

app = Flask(__name__)
url = os.environ["BENCH_DATABASE_URL"]
engine = create_engine(url)
ROW = text("INSERT INTO bare_vote (id, choices) VALUES (:id, :choices)")

if url.startswith("sqlite"):

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: object) -> None:
        for pragma in SQLITE_PRAGMAS:
            connection.cursor().execute(f"PRAGMA {pragma}")


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.post("/vote")
def vote() -> tuple[str, int]:
    with engine.begin() as connection:
        connection.execute(ROW, {"id": secrets.token_hex(16), "choices": "[1,3]"})
    return "", 303
