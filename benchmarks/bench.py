"""Measure the product beside a bare Flask page: ``make bench``. README.md says how to read it."""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SERVER = ("--workers", "4", "--threads", "2")  # the same for both; as ``deliberate serve`` has it
WARM_UPS, PATIENCE = 20, 60.0
SLUG = "proba"
HOME = f"/g/{SLUG}/konsultacje/{SLUG}"
LIST, PROPOSAL = f"{HOME}/propozycje", f"{HOME}/propozycje/1"
DOCUMENT = f"{HOME}-dokument/dokumenty/1"
SMALL = (
    *("--proposals", "200", "--contributions", "2000", "--people", "1000"),
    *("--units", "600", "--remarks", "5000"),
)
BIG = ("--proposals", "20000", "--contributions", "200000", "--people", "5000")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Site:
    """A running server: where it listens, and the process that leads its group."""

    port: int
    leader: int


@dataclass(frozen=True)
class Page:
    """One page of one server; ``etag`` is sent back, so that a repeated view is answered 304."""

    site: Site
    path: str
    etag: str = ""


@dataclass(frozen=True)
class Timing:
    """Of many requests one after another: the middle one, and what the server worked for each."""

    wall: float  # milliseconds
    cpu: float  # milliseconds


@dataclass(frozen=True)
class Goal:
    """A ratio that the product must keep: ``page`` to ``beside`` it."""

    name: str
    page: Page
    beside: Page
    most: float | None


# Servers and their data.


def environment(folder: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DELIBERATE_MODE": "test",
        "DELIBERATE_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "DELIBERATE_FOLDER": str(folder),
        "DELIBERATE_SECRET_KEY": "for-measuring-only-for-measuring-only",
        "DELIBERATE_PUBLIC_URL": f"http://localhost:{port}",
        "DELIBERATE_BY_PATH": "1",
        "BENCH_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
    }


def fill(folder: Path, numbers: Sequence[str]) -> None:
    folder.mkdir()
    for words in (("db", "upgrade"), ("load", "--slug", SLUG, *numbers)):
        command = [sys.executable, "-m", "deliberate", *words]
        subprocess.run(
            command, cwd=ROOT, env=environment(folder, 0), check=True, stdout=subprocess.DEVNULL
        )


@contextmanager
def serving(folder: Path, *, product: bool) -> Iterator[Site]:
    port = free_port()
    if product:
        words = ["-m", "deliberate", "serve", "--port", str(port), *SERVER]
    else:
        bind = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", *SERVER]
        words = ["-m", "gunicorn", *bind, "--log-level", "warning", "benchmarks.baseline:app"]
    process = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environment(folder, port), start_new_session=True
    )
    try:
        site = Site(port=port, leader=process.pid)
        wait_for(site, "/healthz" if product else "/hello")
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(site: Site, path: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            get(Page(site, path))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


# Measuring.


def get(page: Page, connection: http.client.HTTPConnection | None = None) -> tuple[int, str, int]:
    """Return status, ETag and size of one answer."""
    used = connection or http.client.HTTPConnection("127.0.0.1", page.site.port)
    headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": page.etag} if page.etag else {})
    used.request("GET", page.path, headers=headers)
    answer = used.getresponse()
    size = len(answer.read())
    if connection is None:
        used.close()
    return answer.status, answer.headers.get("ETag", ""), size


def measure(page: Page, requests: int) -> Timing:
    expected = 304 if page.etag else 200
    connection = http.client.HTTPConnection("127.0.0.1", page.site.port)
    for _ in range(WARM_UPS):
        status, _etag, _size = get(page, connection)
        if status != expected:
            sys.exit(f"{page.path} answers {status}, not {expected}: there is nothing to measure.")
    before, times = cpu_of(page.site.leader), []
    for _ in range(requests):
        begin = time.perf_counter()
        get(page, connection)
        times.append((time.perf_counter() - begin) * 1000)
    cpu = (cpu_of(page.site.leader) - before) * 1000 / requests
    connection.close()
    return Timing(wall=median(times), cpu=cpu)


def cpu_of(leader: int) -> float:
    """Return the seconds that a server's processes have worked so far."""
    worked = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended in between
                continue
            if int(fields[2]) == leader:  # the process group
                worked += (int(fields[11]) + int(fields[12])) / TICKS
    return worked


def ratios(goals: Sequence[Goal], *, rounds: int, requests: int) -> dict[str, list[Timing]]:
    """Return the ratios of each goal, one a round; what is compared is measured side by side."""
    found: dict[str, list[Timing]] = {goal.name: [] for goal in goals}
    for number in range(rounds):
        for goal in goals:
            # The order changes, so that a machine that grows slower wrongs neither.
            pages = [goal.page, goal.beside] if number % 2 else [goal.beside, goal.page]
            timings = {page: measure(page, requests) for page in pages}
            page, beside = timings[goal.page], timings[goal.beside]
            cpu = page.cpu / beside.cpu if beside.cpu else float("nan")
            found[goal.name].append(Timing(wall=page.wall / beside.wall, cpu=cpu))
        print(f"  round {number + 1} of {rounds}", file=sys.stderr)
    return found


@dataclass(frozen=True)
class Visit:
    """A first visit with an empty cache, as the browser's own network log tells it."""

    requests: int
    size: int  # bytes on the wire, headers included
    foreign: int  # requests to other hosts


def first_visit(site: Site, path: str) -> Visit:
    sent: list[str] = []
    sizes: list[float] = []
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None)
        page = browser.new_page(locale="pl-PL", viewport={"width": 1280, "height": 900})
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        record: Callable[[Mapping[str, float]], None] = lambda event: sizes.append(  # noqa: E731
            event["encodedDataLength"]
        )
        network.on("Network.loadingFinished", record)
        page.on("request", lambda request: sent.append(request.url))
        page.goto(f"http://localhost:{site.port}{path}", wait_until="networkidle")
        browser.close()
    foreign = [url for url in sent if f"//localhost:{site.port}/" not in url]
    return Visit(requests=len(sent), size=round(sum(sizes)), foreign=len(foreign))


# Telling.


def tell(goals: Sequence[Goal], found: Mapping[str, Sequence[Timing]]) -> bool:
    good = True
    print(f"{'':52}{'ratio':>7}{'min–max':>14}{'CPU':>7}{'goal':>8}")
    for goal in goals:
        walls = [each.wall for each in found[goal.name]]
        cpu = median(each.cpu for each in found[goal.name])
        span = f"{min(walls):.2f}–{max(walls):.2f}"
        wanted, kept = ("", "") if goal.most is None else (f"≤ {goal.most:g}", verdict(walls, goal))
        print(f"{goal.name:52}{median(walls):7.2f}{span:>14}{cpu:7.2f}{wanted:>8}  {kept}")
        good = good and kept != "MISSED"
    return good


def verdict(walls: Sequence[float], goal: Goal) -> str:
    return "kept" if goal.most is None or median(walls) <= goal.most else "MISSED"


def tell_visit(visit: Visit) -> bool:
    kept = visit.size <= 120 * 1024 and visit.requests <= 10 and visit.foreign == 0
    print(
        f"\nFirst visit to the list, empty cache: {visit.requests} requests (≤ 10),"
        f" {visit.size / 1024:.1f} KB (≤ 120), other hosts: {visit.foreign} (0)"
        f"  {'kept' if kept else 'MISSED'}"
    )
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=60, help="in one round, one after another")
    parser.add_argument("--small-only", action="store_true", help="leave the big data out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        small, big = Path(name) / "small", Path(name) / "big"
        print("Loading data", file=sys.stderr)
        fill(small, SMALL)
        if not chosen.small_only:
            fill(big, BIG)
        with serving(small, product=False) as bare, serving(small, product=True) as site:
            goals = against_bare(bare, site)
            if chosen.small_only:
                found = ratios(goals, rounds=chosen.rounds, requests=chosen.requests)
            else:
                with serving(big, product=True) as large:
                    goals += against_small(site, large)
                    found = ratios(goals, rounds=chosen.rounds, requests=chosen.requests)
            print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f}\n")
            good = tell(goals, found)
            good = tell_visit(first_visit(site, LIST)) and good
    sys.exit(not good)


def against_bare(bare: Site, site: Site) -> list[Goal]:
    page = Page(bare, "/")
    _status, etag, _size = get(Page(site, LIST))
    if not etag:
        sys.exit(f"{LIST} has no ETag: a repeated view cannot be measured.")
    return [
        Goal("list of 20 proposals : bare page", Page(site, LIST), page, 5),
        Goal("proposal, 20 threads, 40 replies : bare page", Page(site, PROPOSAL), page, 8),
        Goal("document, 600 units, 5,000 remarks : bare page", Page(site, DOCUMENT), page, 6),
        Goal("list again, nothing changed (304) : bare page", Page(site, LIST, etag), page, None),
    ]


def against_small(site: Site, large: Site) -> list[Goal]:
    return [
        Goal("list, 20,000 proposals : 200", Page(large, LIST), Page(site, LIST), 1.5),
        Goal("proposal, 200,000 voices : 2,000", Page(large, PROPOSAL), Page(site, PROPOSAL), 1.5),
    ]


if __name__ == "__main__":
    main()
