"""Theme, size of text and language: kept in cookies of the browser, never with the account."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.fields import SelectChoice

from deliberate.access.decorators import never_cached, public
from deliberate.kernel import htmx, i18n
from deliberate.kernel.forms import Form
from deliberate.kernel.texts import N_
from deliberate.pages.blueprint import bp
from deliberate.tenancy.current import current_tenant


class AppearanceForm(Form):
    theme = RadioField(
        N_("Barwy"),
        choices=[
            SelectChoice("auto", N_("Jak w moim urządzeniu")),
            SelectChoice("light", N_("Jasne")),
            SelectChoice("dark", N_("Ciemne")),
            SelectChoice("contrast", N_("Duży kontrast")),
        ],
    )
    text = RadioField(
        N_("Wielkość tekstu"),
        choices=[SelectChoice("normal", N_("Zwykła")), SelectChoice("large", N_("Większa"))],
    )


@bp.get("/wyglad")
@never_cached
@public
def appearance() -> ResponseReturnValue:
    current_tenant()
    form = AppearanceForm(formdata=None, theme=i18n.theme(), text=i18n.text_size())
    return render_template("pages/appearance.html", form=form)


@bp.post("/wyglad")
@public
def save_appearance() -> ResponseReturnValue:
    form = AppearanceForm()
    if not form.validate_on_submit():
        return render_template("pages/appearance.html", form=form), 422
    done = htmx.done(N_("Wygląd zapisany w tej przeglądarce."), to=url_for("pages.appearance"))
    response = make_response(done)
    kept = {i18n.THEME_COOKIE: form.theme.data, i18n.TEXT_COOKIE: form.text.data}
    for name, value in kept.items():
        response.set_cookie(
            name,
            value,
            max_age=i18n.YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response
