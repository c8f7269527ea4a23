"""Templates, compiled once for each language, with the words of the page already in it.

A page says a hundred fixed texts and shows its reader thirty that change. Looking the fixed ones
up at each view is a fifth of the work of a page, so a template is compiled anew for each language
that asks for it and ``_("Zabierz głos")`` becomes the very text. Whatever is known only at the
view – ``_(label)``, plurals, formats other than ``%(name)s`` – is looked up at the view, as ever.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import flask.templating
from flask import Flask
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.utils import LRUCache
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from deliberate.kernel.i18n import locale, say

MOST_TEMPLATES = 400  # of one language, as Jinja keeps by itself
GETTEXT = frozenset({"_", "gettext"})

_INDENTATION = re.compile(r"\n[ \t]+")  # no template has a <pre>, none indents a <textarea>
_special = re.compile("""[&<>'"]""").search
_PLACE = re.compile(r"%\((\w+)\)s")


class Generator(CodeGenerator):
    """Jinja's compiler, with two savings that each took a tenth of a page's time.

    Half of what a page says is a number or markup already, and Jinja wraps each of them as if it
    were somebody's text: the environment is asked to escape instead. And a page has a thousand
    pieces, each handed up through the part, the list, the block and the layout that it stands in:
    a template and a block join theirs and hand up one.
    """

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        if frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Environment(flask.templating.Environment):
    """Flask's environment, whose templates are those of the language spoken at the moment."""

    code_generator_class = Generator

    def __init__(self, app: Flask, **options: Any) -> None:
        self._caches: defaultdict[str, Any] = defaultdict(lambda: LRUCache(MOST_TEMPLATES))
        super().__init__(app, **options)

    @property
    def cache(self) -> Any:
        """The compiled templates of the language; parts and macros are found here as well."""
        return self._caches[locale()]

    @cache.setter
    def cache(self, _of_one_language: object) -> None:
        """Jinja makes a single one."""

    @staticmethod
    def escaped(value: object) -> str:
        """Return what may stand in HTML; whatever is not surely safe goes to markupsafe."""
        kind = type(value)
        if kind is Markup:
            return value  # type: ignore[return-value]
        if isinstance(value, str) and kind is str and _special(value) is None:
            return value
        return str(value) if kind is int else escape(value)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Words(self).visit(tree)
        if name is not None and name.endswith(".html"):
            for data in tree.find_all(nodes.TemplateData):  # a third of a long page is indentation
                data.data = _INDENTATION.sub("\n", data.data)
        return tree


class _Words(NodeTransformer):
    """Puts the translation of each fixed text in the place of the call that asks for it."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        text = _fixed_text(node)
        if text is None:
            return node
        values = {each.key: each.value for each in node.kwargs}
        # Parts stand at even places, names between them; what is left over is no %(name)s.
        parts = _PLACE.split(say(text))
        fixed = ["".join(part.split("%%")) for part in parts[::2]]
        if any("%" in part for part in fixed) or not set(parts[1::2]) <= set(values):
            return node
        if any(isinstance(value, nodes.Const) for value in values.values()):
            return node  # all of it would be folded, as text that nobody marked safe
        said: list[nodes.Expr] = [
            values[part]
            if place % 2
            else nodes.MarkSafeIfAutoescape(nodes.Const(part.replace("%%", "%")))
            for place, part in enumerate(parts)
        ]
        if len(said) == 1:
            return said[0].set_lineno(node.lineno)
        return nodes.Concat(said).set_lineno(node.lineno).set_environment(self.environment)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Say the parts of a text one after another, without joining them first."""
        self.generic_visit(node)
        node.nodes = [
            part
            for child in node.nodes
            for part in (child.nodes if isinstance(child, nodes.Concat) else [child])
        ]
        return node


def _fixed_text(node: nodes.Call) -> str | None:
    """Return the text of a call such as ``_("nr %(number)s", number=7)``; None for all others."""
    if not isinstance(node.node, nodes.Name) or node.node.name not in GETTEXT:
        return None
    if len(node.args) != 1 or node.dyn_args is not None or node.dyn_kwargs is not None:
        return None
    first = node.args[0]
    return first.value if isinstance(first, nodes.Const) and isinstance(first.value, str) else None
