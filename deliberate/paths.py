"""Where templates, static files and migrations lie, in a checkout and in an installed wheel.

They are top-level folders of the repository. The wheel carries them inside the package, under
``deliberate/_bundled`` (see ``force-include`` in pyproject.toml), so an installation needs
nothing but the wheel. The bundled copy is looked for first: a stray ``templates`` folder that
another distribution left in site-packages is never picked up.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    bundled = _PACKAGE / "_bundled"
    if bundled.is_dir():
        return bundled
    checkout = _PACKAGE.parent
    if (checkout / "templates").is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout
    raise RuntimeError(
        f"templates/, static/ and migrations/ were found neither in {bundled} (a wheel) "
        f"nor in {checkout} (a checkout). Was the wheel built with its force-include table?"
    )


ROOT = _root()
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MIGRATIONS = ROOT / "migrations"
TRANSLATIONS = _PACKAGE / "translations"
