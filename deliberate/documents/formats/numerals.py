"""How office programs write the numbers of lists: 1, a, A, i, I."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LARGEST_ROMAN = 3_999
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def letters(value: int) -> str:
    """Return a, b, …, z, aa, bb, …, zz, aaa, as Word and LibreOffice count; "" below one."""
    if value < 1:
        return ""
    times, place = divmod(value - 1, len(LETTERS))
    return LETTERS[place] * min(times + 1, 10)


def roman(value: int) -> str:
    """Return i, ii, iii, iv, …; beyond 3999 and below one, ordinary digits."""
    if not 1 <= value <= LARGEST_ROMAN:
        return str(value)
    written = ""
    for worth, sign in _ROMAN:
        written += sign * (value // worth)
        value %= worth
    return written
