"""The pages of moderation, by who reads them."""

from flask import Blueprint

from deliberate.moderation.reasons import LABELS, short

bp = Blueprint("moderation", __name__)

# The trace of a hidden thing stands on pages of other features: the words come with it.
bp.add_app_template_filter(short, "short_reason")
bp.add_app_template_global(LABELS, "reason_labels")  # type: ignore[arg-type]
