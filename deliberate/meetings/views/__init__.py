"""The pages of meetings: for everybody, for who signs up, for the office."""

from flask import Blueprint

bp = Blueprint("meetings", __name__)
