"""What kernel.paper runs beside the application: one document in, one PDF out, then it ends.

The memory of a long document goes back to the system with the process, and one that takes too
long can be ended without ending anything else.
"""

from __future__ import annotations

import json
import sys

import typst


def main() -> None:
    order = json.load(sys.stdin.buffer)
    nowhere = order["root"]  # templates bring no packages, and none is ever fetched
    pdf = typst.compile(
        order["template"],
        root=order["root"],
        font_paths=order["fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": order["data"]},
        pdf_standards=["ua-1"],
        package_path=nowhere,
        package_cache_path=nowhere,
        timestamp=order["at"],
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
