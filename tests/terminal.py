"""The command ``deliberate`` as an operator sees it: words in, an exit code and lines out."""

import io
import os
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


class Terminal:
    """Runs commands in this process with an environment of its own."""

    def __init__(self, *, database_url: str, folder: Path, mode: str = "demo") -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "DELIBERATE_MODE": mode,
            "DELIBERATE_DATABASE_URL": database_url,
            "DELIBERATE_FOLDER": str(folder),
            "DELIBERATE_SECRET_KEY": "for-tests-only-for-tests-only-for-tests",
            "DELIBERATE_PUBLIC_URL": "http://localhost:8000",
            "DELIBERATE_BY_PATH": "1",
        }

    def run(self, *words: str | Path, **settings: str) -> Said:
        """Run ``deliberate WORDS``; ``settings`` replace some of the environment."""
        return run(*words, environment=self.environment | settings)


def run(*words: str | Path, environment: Mapping[str, str]) -> Said:
    from deliberate.cli import main

    out, err = io.StringIO(), io.StringIO()
    argv = ["deliberate", *(str(word) for word in words)]
    code = 0
    with (
        patch.dict(os.environ, environment, clear=True),
        patch("sys.argv", argv),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            if isinstance(end.code, str):  # the interpreter prints it and leaves with 1
                err.write(end.code + "\n")
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Said(code=code, out=out.getvalue(), err=err.getvalue())
