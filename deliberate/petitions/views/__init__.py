"""The pages of the registers: for everybody, for who asks, for the office."""

from flask import Blueprint

bp = Blueprint("petitions", __name__)
