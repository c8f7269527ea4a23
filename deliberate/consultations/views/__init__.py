"""The pages of consultations: for everyone, and for the office."""

from flask import Blueprint

bp = Blueprint("consultations", __name__)
