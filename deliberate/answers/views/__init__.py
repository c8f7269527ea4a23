"""The desk where answers are written, and the public page of what became of it."""

from flask import Blueprint

bp = Blueprint("answers", __name__)
