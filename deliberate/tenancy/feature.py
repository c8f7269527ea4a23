"""What the application needs to know of this package."""

from flask import Flask

from deliberate.kernel import clock
from deliberate.kernel.feature import Feature
from deliberate.tenancy import versions  # noqa: F401 - its last word joins every transaction
from deliberate.tenancy.current import find_tenant, install
from deliberate.tenancy.permissions import Permission
from deliberate.tenancy.silence import find_silence
from deliberate.tenancy.views import bp


def _setup(app: Flask) -> None:
    install(app, app.extensions["deliberate.settings"])

    @app.context_processor
    def tenant_context() -> dict[str, object]:
        tenant = find_tenant()
        return {
            "tenant": tenant,
            "silence": find_silence(tenant, clock.now()) if tenant is not None else None,
        }


FEATURE = Feature(name="tenancy", blueprints=(bp,), permissions=Permission, setup=_setup)
