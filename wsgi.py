"""The entry for a WSGI server: ``gunicorn wsgi:app``."""

from deliberate.app import create_app
from deliberate.config import Settings

app = create_app(Settings.from_environment())
