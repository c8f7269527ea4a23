#!/usr/bin/env python3
"""Check a published vote: ``python3 verify.py FOLDER [TEXT …]``, Python 3.10 or newer, no network.

FOLDER: the files of one vote. TEXT: a public key or the hash of a head had from elsewhere.
Exit code 0: everything that can be checked here holds. 1: something does not.
"""

import base64
import hashlib
import json
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

Json = dict[str, Any]
STATES = {True: "zgadza się", False: "NIE ZGADZA SIĘ", None: "nie sprawdzono"}
LETTERS, SHIFTS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", range(55, -1, -5)  # Crockford's base 32


class Vote:
    """The files of a vote, and what was found. ballots: section → texts, where they are there."""

    def __init__(self, folder: Path) -> None:
        self.found: list[tuple[bool | None, str]] = []
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        self.rules_text, self.rules = files["rules.json"], json.loads(files["rules.json"])
        self.kind, self.ballots = self.rules["publication"], {}
        self.heads, self.result = json.loads(files["heads.json"]), json.loads(files["result.json"])
        self.codes = [line.split(" ") for line in files["codes.txt"].decode().splitlines()]
        self.leaves = [leaf for _, leaf, *_ in self.codes]
        self.counted = [leaf for _, leaf, *why_not in self.codes if not why_not]
        self.linked = [json.loads(line) for line in files.get("linked.jsonl", b"").splitlines()]
        for no, name in ((s["no"], f"ballots-{s['no']}.txt") for s in self.rules["sections"]):
            if name in files or self.kind == "linked":
                self.ballots[no] = files.get(name, b"").decode().splitlines()
        for no, choices in (pair for line in self.linked for pair in line["choices"]):
            self.ballots[no].append(compact(choices))

    def note(self, is_true: bool | None, what: str) -> None:  # None: cannot be checked here
        self.found.append((is_true, what))

    def check(self, *known: str) -> None:
        note, last, said = self.note, self.check_heads(), self.result
        people, outcome, channels = (said[it] for it in ("participations", "outcome", "channels"))
        areas = sum(n for _, n in said.get("areas", [["", people]]))  # small ones are told as ""
        note(sha256(compact(outcome).encode()) == last["outcome"], "wynik: ten, który podpisano")
        same = all(said.get(it) == last.get(it) for it in ("channels", "seed", "paper", "areas"))
        note(same, "udział, także w częściach gminy, karty na papierze i ziarno losów")
        on_paper, paper, coded = channels.get("paper", 0), said.get("paper", {}), len(self.counted)
        gone = sorted(leaf for _, leaf, *why_not in self.codes if why_not == ["replaced"])
        note([len(gone), root(gone)] == last.get("replaced", [0, root([])]), "zmienione głosy")
        same = last["leaves"] == len(self.leaves) <= coded + len(gone) + last.get("taken_out", 0)
        same = same and on_paper == paper.get("cards", 0) + paper.get("missing", 0)
        same = same and people == coded + on_paper == sum(channels.values()) == areas
        note(same, f"osób: {people}, na papierze: {on_paper}, kodów: {coded}, zmian: {len(gone)}")
        if self.kind == "linked":  # a leaf is made of a ballot and its code's nonce
            start = b"\0" + int(self.rules["poll"]).to_bytes(8, "big")
            for line in self.linked:
                made = start + bytes.fromhex(line["nonce"]) + compact(line["choices"]).encode()
                if sha256(made) != line["leaf"]:
                    note(False, f"karta przy skrócie {line['leaf']}")
            same = sorted(line["leaf"] for line in self.linked) == sorted(self.counted)
            note(same, "każdy kod ma jedną kartę")
        for section in self.rules["sections"]:
            invalid = paper.get("missing", 0) + paper.get("invalid", {}).get(str(section["no"]), 0)
            self.check_section(section, outcome[str(section["no"])], people - invalid)
        texts = sorted(f"{no}:{text}\n" for no in self.ballots for text in self.ballots[no])
        note(sha256("".join(texts).encode()) == last["ballots"], "karty: te, które podpisano")
        stands = {self.rules["signing_key"], *(head["hash"] for head in self.heads["heads"])}
        for text in known:
            note(text in stands, f"w plikach jest to, co masz skądinąd: {text}")

    def check_heads(self) -> Json:
        """Check the codes and every signed head over them; return what the last head says."""
        note, key, said, before, covered = self.note, self.rules["signing_key"], {}, "", 0
        note(len({*self.leaves}) == len(self.leaves), "żaden kod nie stoi na liście dwa razy")
        bits = [(code.replace("-", ""), int(leaf[:15], 16)) for code, leaf, *_ in self.codes]
        same = all(code == "".join(LETTERS[n >> i & 31] for i in SHIFTS) for code, n in bits)
        note(same, "kody: 60 bitów skrótów obok nich")
        note(self.heads["signing_key"] == key, f"klucz publiczny: ten co w zasadach, {key}")
        for number, head in enumerate(self.heads["heads"], start=1):
            text, said = head["body"].encode(), json.loads(head["body"])
            name, size = f"wpis {number} z dnia {said['day']}", said["leaves"]
            place = (self.rules["poll"], sha256(self.rules_text), number, before)
            same = place == (said["poll"], said["rules"], said["no"], said["previous"])
            note(same and head["hash"] == sha256(text), f"{name}: zasady, poprzedni wpis, skrót")
            note(is_signed(key, head["signature"], text), f"{name}: podpis")
            new, listed = self.leaves[covered:size], self.leaves[:size]
            grows = covered <= size == len(listed) and new == sorted(new)
            note(grows and root(listed) == said["root"], f"{name}: skrót {size} kodów")
            before, covered = head["hash"], size
        return dict(said)

    def check_section(self, section: Json, outcome: Json, people: int) -> None:
        """Check a section's ballots and, where its method adds up, add them up again."""
        note, name, number = self.note, f"część {section['no']}", outcome["ballots"]
        texts, limits, area = self.ballots.get(section["no"]), section["limits"], section["area"]
        note(number == people or (area is not None and number < people), f"{name}: kart {number}")
        if texts is None:  # of fewer than a hundred only totals are published
            silent = self.kind == "totals" or (self.kind == "apart" and number < 100)
            note(None if silent else False, f"{name}: sumy, bo kart nie ogłoszono")
            return
        fits = all(limits["least"] <= len(json.loads(t)) <= limits["most"] for t in texts)
        note(fits and len(texts) == number, f"{name}: w pliku {len(texts)} kart, według zasad")
        sums = add_up(section, [option["no"] for option in section["options"]], Counter(texts))
        if not sums:
            note(None, f"{name}: rundy metody {section['method']}")
            return
        note({str(no): str(sums[no]) for no in sums} == outcome["score"], f"{name}: sumy")
        best = sorted(sums, key=lambda no: (-sums[no], no))
        places = [[no for no in best if sums[no] == n] for n in sorted({*sums.values()})[::-1]]
        note(outcome["places"] == places, f"{name}: miejsca")
        first = sorted(best[: len(outcome["elected"])]) == sorted(outcome["elected"])
        note(None if outcome["drawn"] else first, f"{name}: wybrane spośród miejsc, losy")
        said = Counter(str(on) for text in texts for on in json.loads(text))
        for no, verdict in outcome["verdicts"].items():
            same = all(said[f"[{no}, {w!r}]"] == verdict[w] for w in ("yes", "no", "abstain"))
            note(same, f"{name}: odpowiedzi na pytanie {no}")


def add_up(section: Json, options: list[int], ballots: Counter[str]) -> dict[int, Any]:
    """Return option → sum; nothing for a method that goes by rounds. ballots: text → how many."""
    method, lowest = section["method"], section["limits"].get("lowest", 0)
    sums: dict[int, Any] = dict.fromkeys(options, 0)
    for text, many in ballots.items():
        on, gained = json.loads(text), dict.fromkeys(options, lowest)
        if method in ("plurality", "approval"):
            gained = dict.fromkeys(on, 1)
        elif method == "questions":
            gained = {no: answer == "yes" for no, answer in on}
        elif method in ("points", "score"):  # who is left out of a ballot gets the lowest score
            gained.update(on)
        elif method == "positional":
            gained = dict(zip(on, map(Fraction, section["terms"]["weights"])))
        elif method == "borda":  # in halves: those who are left out share the places that remain
            gained = dict.fromkeys(options, max(len(options) - len(on) - 1, 0))
            gained.update((no, 2 * (len(options) - i)) for i, no in enumerate(on, start=1))
        else:
            return {}
        for no, points in gained.items():
            sums[no] += points * many
    return {no: Fraction(total, 2) if method == "borda" else total for no, total in sums.items()}


def root(leaves: list[str]) -> str:
    """Return the root of the tree of RFC 6962 over leaves that are hashes already."""
    row = [bytes.fromhex(leaf) for leaf in leaves] or [hashlib.sha256().digest()]
    while len(row) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(row[::2], row[1::2])]
        row = pairs + row[2 * len(pairs) :]
    return row[0].hex()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def is_signed(key: str, signature: str, message: bytes) -> bool:  # RFC 8032, section 5.1
    a, sign, total = base64.b64decode(key), base64.b64decode(signature), (0, 1)
    s = int.from_bytes(sign[32:], "little")
    h = int.from_bytes(hashlib.sha512(sign[:32] + a + message).digest(), "little") % ORDER
    base, (x, y) = point((4 * pow(5, -1, P) % P).to_bytes(32, "little")), point(a)
    for bit in range(255, -1, -1):  # s times the base, less h times the key
        total = add(add(total, total), base if s >> bit & 1 else (0, 1))
        total = add(total, (P - x, y)) if h >> bit & 1 else total
    return s < ORDER and total == point(sign[:32])


def point(data: bytes) -> tuple[int, int]:
    y, odd = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and odd):
        raise ValueError("to nie jest klucz ani podpis Ed25519")
    return (x if x % 2 == odd else P - x), y


def add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    (a, b), (c, d), t = one, two, D * one[0] * one[1] * two[0] * two[1]
    return (a * d + b * c) * pow(1 + t, -1, P) % P, (b * d + a * c) * pow(1 - t, -1, P) % P


if __name__ == "__main__":
    try:
        (vote := Vote(Path(sys.argv[1]))).check(*sys.argv[2:])
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        sys.exit(f"{STATES[False]}: plików nie da się odczytać ({error!r})\n\n{__doc__}")
    print("\n".join(f"{STATES[state]:>14}  {what}" for state, what in vote.found))
    sys.exit(any(state is False for state, _ in vote.found))
