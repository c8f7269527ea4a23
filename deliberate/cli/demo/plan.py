"""A local plan for the middle of a village: announced, not begun; its meetings and its survey."""

from __future__ import annotations

from deliberate.algorithms.branching import Condition
from deliberate.consultations.procedures import Channel
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.kinds import QuestionKind

TITLE = "Zagroble – środek wsi: projekt planu miejscowego"
SLUG = "plan-zagroble"
SUMMARY = (
    "Plan miejscowy powie, co można zbudować w środku Zagrobla: przy remizie, wzdłuż drogi i nad "
    "Strugą. Zanim zajmie się nim Rada Gminy, powiedz, co w projekcie zmienić. Uwagę może zgłosić "
    "każda osoba i każda instytucja, także spoza gminy."
)
CAN_CHANGE = (
    "Wysokość i wygląd nowych domów, wielkość działek, liczbę miejsc przy remizie, to, co będzie "
    "na łące nad Strugą."
)
CANNOT_CHANGE = (
    "Granic terenu zalewowego, studium i przepisów o ochronie gruntów rolnych, przebiegu drogi "
    "powiatowej."
)
DOCUMENT = "Projekt uchwały w sprawie planu „Zagroble – środek wsi”"
ANNOUNCED, ANSWER_DUE = -2, 75
PHASES = (
    ("Zbieramy uwagi", 8, 40, ("remark", "survey")),
    ("Wójt rozpatruje uwagi", 41, 75, ("answer",)),
)

# Where it was announced: channel, words, address.
ANNOUNCEMENTS = (
    (Channel.PRESS, "„Głos Wierzbogórski”, str. 7", ""),
    (Channel.BOARD, "Tablica przed urzędem i tablica przy remizie w Zagroblu", ""),
    (Channel.WEBSITE_BIP, "", "https://bip.wrzosowiany.example/ogloszenia/plan-zagroble"),
    (Channel.CUSTOMARY, "Kurenda sołtyski, 214 domów", ""),
)

SURVEY = Definition(
    title="Środek Zagrobla: cztery minuty o tym, jak go używasz",
    intro=(
        "Ankieta jest anonimowa. Nie zastępuje uwagi do projektu planu – uwagę zgłosisz obok, i "
        "na nią dostaniesz odpowiedź."
    ),
    questions=(
        Question(
            kind=QuestionKind.SINGLE,
            text="Jak często bywasz w środku Zagrobla?",
            is_required=True,
            options=("codziennie", "kilka razy w tygodniu", "rzadziej", "prawie nigdy"),
        ),
        Question(
            kind=QuestionKind.MULTIPLE,
            text="Po co tam przychodzisz?",
            options=(
                "sklep",
                "autobus",
                "remiza i zebrania",
                "spacer nad Strugą",
                "zabawa z dziećmi",
            ),
            most=5,
            shown_if=Condition(1, frozenset({1, 2, 3})),
        ),
        Question(
            kind=QuestionKind.SCALE,
            text="Jak bezpiecznie idzie się dziś pieszo wzdłuż drogi gminnej?",
            least=1,
            most=5,
            least_label="niebezpiecznie",
            most_label="bezpiecznie",
        ),
        Question(
            kind=QuestionKind.RANKING,
            text="Od czego zacząć? Ułóż od najważniejszego.",
            options=("chodnik", "ścieżka nad Strugą", "plac zabaw", "miejsca przy remizie"),
            most=4,
        ),
        Question(
            kind=QuestionKind.MATRIX,
            text="Co sądzisz o tych ustaleniach projektu?",
            options=("za", "przeciw", "nie wiem"),
            rows=(
                "domy do 9 m wysokości",
                "działki od 1 000 m²",
                "łąka bez asfaltu i betonu",
            ),
        ),
        Question(
            kind=QuestionKind.TEXT,
            text="Czego w projekcie brakuje?",
            hint="Nie podawaj nazwisk ani adresów.",
            longest=1000,
        ),
    ),
)
