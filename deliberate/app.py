"""The application factory: the one place that names every feature."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from deliberate import paths
from deliberate.access import decorators as access_decorators
from deliberate.access import feature as access
from deliberate.accounts import feature as accounts
from deliberate.answers import feature as answers
from deliberate.approvals import feature as approvals
from deliberate.audit import feature as audit
from deliberate.authorship import feature as authorship
from deliberate.config import Settings
from deliberate.consultations import feature as consultations
from deliberate.discussion import feature as discussion
from deliberate.documents import feature as documents
from deliberate.kernel import addresses, assets, caching, db, i18n, security, templates
from deliberate.kernel.storage import Folder
from deliberate.meetings import feature as meetings
from deliberate.moderation import feature as moderation
from deliberate.notifications import feature as notifications
from deliberate.organisations import feature as organisations
from deliberate.pages import errors
from deliberate.pages import feature as pages
from deliberate.petitions import feature as petitions
from deliberate.proposals import feature as proposals
from deliberate.reports import feature as reports
from deliberate.subjects import feature as subjects
from deliberate.surveys import feature as surveys
from deliberate.tenancy import feature as tenancy
from deliberate.topics import feature as topics
from deliberate.voting import feature as voting

# In the order in which they are set up: what is resolved before each request first, and what
# joins the end of each transaction so that the audit's head is locked last.
# Nothing is discovered: what is not here is not there.
FEATURES = (
    subjects.FEATURE,
    tenancy.FEATURE,
    accounts.FEATURE,
    audit.FEATURE,
    access.FEATURE,
    approvals.FEATURE,
    authorship.FEATURE,
    organisations.FEATURE,
    topics.FEATURE,
    notifications.FEATURE,
    moderation.FEATURE,
    answers.FEATURE,
    discussion.FEATURE,
    voting.FEATURE,
    consultations.FEATURE,
    proposals.FEATURE,
    documents.FEATURE,
    surveys.FEATURE,
    meetings.FEATURE,
    petitions.FEATURE,
    reports.FEATURE,
    pages.FEATURE,
)

LARGEST_REQUEST = 12 * 1024 * 1024  # an upload of 10 MB and its form
LARGEST_FORM = 256 * 1024
MOST_FORM_PARTS = 400


class SessionCookies(SecureCookieSessionInterface):
    """One cookie a municipality: under /g/<slug>/ the path is part of it."""

    def get_cookie_path(self, app: Flask) -> str:
        return (request.script_root or "") + "/"


def create_app(settings: Settings) -> Flask:
    app = Flask(__name__, template_folder=str(paths.TEMPLATES), static_folder=str(paths.STATIC))
    app.jinja_environment = templates.Environment  # type: ignore[assignment] # takes a Flask
    app.extensions["deliberate.settings"] = settings
    app.extensions["deliberate.storage"] = Folder(settings.folder / "files")
    app.extensions["deliberate.jobs"] = {job.name: job for f in FEATURES for job in f.jobs}
    app.config.from_mapping(_config(settings))
    app.session_interface = SessionCookies()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["is_demo"] = settings.is_demo
    # Innermost: /g/<slug>/ is taken off the path before built files are looked for.
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(paths.STATIC / "build"), prefix="static/build/", max_age=31536000
    )
    db.init_app(app, database_url=settings.database_url)
    security.init_app(app, https=settings.https)
    assets.init_app(app)
    addresses.init_app(app)
    i18n.init_app(app, translations=str(paths.TRANSLATIONS))
    for feature in FEATURES:
        feature.init_app(app)
        if feature is accounts.FEATURE:
            caching.init_app(app)  # after who and where are known, before any view's own work
    errors.install(app)
    access_decorators.check_declared(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    return app


def _config(settings: Settings) -> dict[str, object]:
    # A __Host- cookie must have the path "/", which municipalities at /g/<slug>/ do not share.
    own_host = settings.https and not settings.by_path
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.old_secret_keys),
        "SESSION_COOKIE_NAME": "__Host-deliberate" if own_host else "deliberate",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": MOST_FORM_PARTS,
        "TESTING": settings.mode == "test",
    }
