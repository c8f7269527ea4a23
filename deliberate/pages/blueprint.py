"""The blueprint of the pages that gather; their routes join it when their files are imported."""

from flask import Blueprint

bp = Blueprint("pages", __name__)
