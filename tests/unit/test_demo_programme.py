"""The draft programme of the demo world agrees with itself: its amounts are said twice."""

import re

from deliberate.cli.demo import programme


def test_the_amounts_of_the_annex_are_those_of_the_budget_and_add_up() -> None:
    text = programme.text(2027)
    budget = between(text, "dzieli się na zadania:\n", "\n3. ")
    annex = between(text, "\nZałącznik nr 3\n", "\nZałącznik nr 4\n")
    tasks = amounts(annex, r"\d+\. ")
    small_grants = tasks[-1]  # not divided further

    assert tasks == amounts(budget, r"\d+\) ")
    assert sum(tasks) == sum(amounts(annex, r"\d+\) ")) + small_grants == 640_000


def between(text: str, first: str, last: str) -> str:
    return text.partition(first)[2].partition(last)[0]


def amounts(text: str, sign: str) -> list[int]:
    """The first amount of each line that begins with the sign: "1) " or "1. "."""
    found = re.findall(rf"^{sign}.*?– ([\d ]+) zł", text, flags=re.MULTILINE)
    return [int(amount.replace(" ", "")) for amount in found]
