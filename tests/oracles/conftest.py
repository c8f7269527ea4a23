"""Two libraries that count too, in a process and an environment of their own (answers.py)."""

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deliberate import paths

PYTHON = paths.ROOT / ".venv-oracles" / "bin" / "python"
ANSWERS = paths.ROOT / "tests" / "oracles" / "answers.py"

Ask = Callable[..., list[int] | None]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Give a way to ask ``method by library`` about a profile; what may be asked, says answers.py.

    One process answers for all tests of a file: pref_voting alone takes seconds to import. Its
    warnings are not ours, so they are not shown.
    """
    if not PYTHON.exists():
        pytest.fail("The oracles are not installed: python3 scripts/prepare.py test")
    command = [PYTHON, "-W", "ignore", ANSWERS]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:

        def ask(what: str, options: int, ballots: list[Any], **more: Any) -> list[int] | None:
            question = {"ask": what, "options": options, "ballots": ballots, **more}
            print(json.dumps(question), file=child.stdin, flush=True)
            answer = next(child.stdout or iter(()), "")
            assert answer, f"The oracle broke down over {question}"
            result: list[int] | None = json.loads(answer)
            return result

        yield ask
