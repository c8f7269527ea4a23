"""What our pages are compared with: Flask, one indexed query, twenty rows, Jinja. Nothing else.

Reads the same database as the product; BENCH_DATABASE_URL names it.
"""

import os

from flask import Flask
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["BENCH_DATABASE_URL"])

ROWS = text(
    "SELECT number, title, place, reason, supports, voices FROM proposal"
    " WHERE consultation_id = (SELECT id FROM consultation WHERE slug = :slug)"
    " ORDER BY number LIMIT 20"
)
PAGE = """<!doctype html>
<html lang="pl"><head><meta charset="utf-8"><title>Propozycje</title></head><body>
<main><h1>Propozycje</h1><ol>
{% for row in rows %}
<li><h2><a href="/propozycje/{{ row.number }}">{{ row.title }}</a></h2>
<p>{{ row.place }}. {{ row.reason }}</p>
<p>Poparcie: {{ row.supports }}, głosy w rozmowie: {{ row.voices }}</p></li>
{% endfor %}
</ol></main></body></html>
"""
TEMPLATE = app.jinja_env.from_string(PAGE)  # once, as a template in a file would be


@app.get("/")
def page() -> str:
    with engine.connect() as connection:
        rows = connection.execute(ROWS, {"slug": "proba"}).all()
    return TEMPLATE.render(rows=rows)


@app.get("/hello")
def hello() -> str:
    return "hello"
