"""The report for everybody and at the desk; posters and leaflets."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
posters_bp = Blueprint("posters", __name__)
