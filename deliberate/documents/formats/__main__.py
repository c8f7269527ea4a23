"""Read one file from standard input in a process of its own, with its time and memory bounded.

What people send may be made to be endless. Here the worst it does is to end this process.
"""

import json
import resource
import sys

from deliberate.documents.formats import docx, html, odt, pdf, txt
from deliberate.documents.formats.outcome import BadDocument, Reading, checked

MOST_SECONDS = 20  # of a processor
MOST_MEMORY = 1024 * 1024 * 1024

READERS = {
    "docx": docx.read,
    "odt": odt.read,
    "html": html.read,
    "txt": txt.read,
    "pdf": pdf.read,
}


def main() -> None:
    _bound(resource.RLIMIT_CPU, MOST_SECONDS)
    _bound(resource.RLIMIT_AS, MOST_MEMORY)
    _bound(resource.RLIMIT_CORE, 0)
    data = sys.stdin.buffer.read()
    try:
        answer = _written(checked(READERS[sys.argv[1]](data)))
    except BadDocument as bad:
        answer = {"refused": bad.message}
    sys.stdout.write(json.dumps(answer))


def _bound(limit: int, most: int) -> None:
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(limit, (most, hard))


def _written(reading: Reading) -> dict[str, object]:
    return {
        "lines": [[line.text, line.heading, line.is_row] for line in reading.paragraphs],
        "warnings": reading.warnings,
    }


if __name__ == "__main__":
    main()
