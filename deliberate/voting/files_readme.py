"""What is what among the files of a vote, in three languages: it travels with them, not with us."""

from __future__ import annotations

POLISH = """\
Pliki głosowania „{title}”.

rules.json     Zasady, dokładnie tak, jak je zapieczętowano. SHA-256 tego pliku to skrót zasad.
heads.json     Lista kontrolna: podpisane wpisy o liście kodów, każdy wskazuje poprzedni.
codes.txt      Kody wszystkich policzonych głosów i ich skróty, w kolejności listy kontrolnej.
               Z dopiskiem: głosy niepoliczone. taken-out: wyłączyły je dwie osoby; replaced: głos
               zmieniono (ile ich jest, mówi ostatni wpis; który głos zastąpił który, nie wie nikt).
ballots-N.txt  Karty części N, jedna w wierszu, w losowej kolejności. Nic nie łączy ich z kodami.
               Nie ma go tam, gdzie kart jest mniej niż sto albo zasady mówią tylko o sumach.
linked.jsonl   Tylko tam, gdzie zasady tak mówią: każdy kod ze swoją kartą i liczbą losową.
result.json    Wynik, udział według sposobu głosowania i części gminy (mniejsze razem, bez nazwy),
               karty na papierze i ziarno losów, jeśli są.
               Kto głosował na papierze, nie ma kodu; karta jest między innymi w ballots-N.txt.
verify.py      Program, który to wszystko sprawdza. Ma dwieście wierszy; przeczytaj go.

Jak sprawdzić: rozpakuj i uruchom  python3 verify.py .
Za kropką dopisz klucz publiczny albo skrót wpisu, który masz z innego źródła, na przykład
z listu sprzed policzenia: bez tego program nie wie, czy ktoś nie podmienił wszystkiego naraz.
Numer opcji na karcie znajdziesz w rules.json. Pliki wolno kopiować i ogłaszać.
"""
ENGLISH = """\
The files of the vote “{title}”.

rules.json     The rules exactly as they were sealed. The SHA-256 of this file is the rules' hash.
heads.json     The check list: signed entries about the list of codes, each naming the one before.
codes.txt      The codes of all counted votes and their hashes, in the order of the check list.
               With a word behind: not counted. taken-out: by two persons; replaced: the vote was
               changed (the last entry says how many; which vote replaced which nobody knows).
ballots-N.txt  The ballots of part N, one a line, in random order. Nothing joins them to codes.
               Not there where there are fewer than a hundred, or the rules allow totals only.
linked.jsonl   Only where the rules say so: each code with its ballot and a random number.
result.json    The result, how many took part in which way and area (small ones together, unnamed),
               cards on paper and the seed of lots, if any.
               Who voted on paper has no code; their card is among those in ballots-N.txt.
verify.py      The program that checks all this. It has two hundred lines; read it.

How to check: unpack and run  python3 verify.py .
After the dot add the public key or the hash of an entry that you have from elsewhere, for example
from a letter sent before the count: without it the program cannot know whether somebody replaced
everything at once. Numbers of options are explained in rules.json. You may copy and publish these.
"""
UKRAINIAN = """\
Файли голосування «{title}».

rules.json     Правила саме такими, як їх запечатано. SHA-256 цього файлу – це хеш правил.
heads.json     Контрольний список: підписані записи про список кодів, кожен вказує попередній.
codes.txt      Коди всіх зарахованих голосів та їхні хеші, у порядку контрольного списку.
               Зі словом у кінці: не зараховані. taken-out: вилучили дві особи; replaced: голос
               змінено (скільки їх, каже останній запис; який голос який замінив, не знає ніхто).
ballots-N.txt  Бюлетені частини N, по одному в рядку, у випадковому порядку, без зв’язку з кодами.
               Його немає там, де бюлетенів менше ста або правила дозволяють лише суми.
linked.jsonl   Лише там, де так кажуть правила: кожен код зі своїм бюлетенем і випадковим числом.
result.json    Результат, участь за способом голосування і частинами громади (менші разом, без
               назви), паперові картки і зерно жеребкування.
               Хто голосував на папері, коду не має; його картка є серед інших у ballots-N.txt.
verify.py      Програма, яка все це перевіряє. У ній двісті рядків; прочитайте її.

Як перевірити: розпакуйте і запустіть  python3 verify.py .
Після крапки допишіть відкритий ключ або хеш запису, який маєте з іншого джерела, наприклад
з листа до підрахунку: без цього програма не знає, чи хтось не підмінив усе одразу.
Номери варіантів пояснює rules.json. Ці файли можна копіювати й оприлюднювати.
"""


def readme(title: str) -> str:
    return "\n".join(text.format(title=title) for text in (POLISH, ENGLISH, UKRAINIAN))
