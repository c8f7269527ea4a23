"""Words from which ``deliberate load`` makes texts that read like what people write."""

THINGS = (
    "Ławki z oparciem", "Drzewa w gruncie", "Stojaki na rowery", "Poidełko", "Lampy przy ścieżce",
    "Przejście z azylem", "Plac zabaw", "Kosz na psie odchody", "Wiata", "Ogród deszczowy",
    "Chodnik bez progów", "Tablica z rozkładem", "Toaleta czynna codziennie", "Stół do szachów",
    "Łąka zamiast trawnika", "Budka z książkami", "Boisko z oświetleniem", "Progi zwalniające",
)  # fmt: skip
PLACES = (
    "na rynku", "przy szkole", "obok przychodni", "w parku nad rzeką", "na osiedlu", "przy dworcu",
    "koło biblioteki", "na pętli autobusowej", "przy cmentarzu", "obok żłobka", "na skwerze",
    "wzdłuż bulwaru", "przy targowisku", "na rogu dwóch głównych ulic",
)  # fmt: skip
REASONS = (
    "Starsze osoby nie mają gdzie odpocząć w drodze do lekarza.",
    "Dzieci wracają tędy same i jest ciemno już o czwartej.",
    "Latem nie da się tu wytrzymać bez cienia.",
    "Po deszczu stoi woda i trzeba iść jezdnią.",
    "Z wózkiem nie można tędy przejechać.",
    "Autobus przyjeżdża raz na godzinę, a nie ma gdzie usiąść.",
    "Miejsce jest zaniedbane, a mogłoby służyć wszystkim.",
    "W sąsiedniej gminie zrobili to w dwa miesiące i działa.",
    "Rozmawialiśmy o tym na zebraniu i nikt nie był przeciw.",
    "Koszt jest niewielki, a korzyść dla całej okolicy.",
)  # fmt: skip
VOICES = (
    "Popieram, przechodzę tędy codziennie i widzę, jak jest.",
    "A kto będzie o to dbał po roku? Na razie tego brakuje w opisie.",
    "Zróbmy to, ale po drugiej stronie ulicy, bo tu są rury.",
    "Mam dwoje dzieci i bardzo by nam się to przydało.",
    "Nie jestem przeciw, tylko najpierw naprawmy to, co już jest.",
    "Czy ktoś pytał osoby, które mieszkają najbliżej?",
    "W innej części miasta zrobiono coś podobnego i zostało zniszczone.",
    "Można zacząć od jednego miejsca i zobaczyć, czy się sprawdza.",
    "Dobrze, że ktoś o tym pisze. Dopisuję się.",
    "Proszę sprawdzić, czy nie przecina się z planem remontu ulicy.",
    "Zgadzam się z poprzednim głosem, ale termin jest za krótki.",
    "To samo zgłaszałam trzy lata temu i odpowiedź była odmowna.",
)  # fmt: skip
