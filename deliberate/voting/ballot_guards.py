"""The limits of a ballot, held by the database beside the rule: one trigger a kind of choice.

Only the reading of JSON differs between the databases; what it must say is written once.
"""

from __future__ import annotations

from deliberate.kernel.guards import Guard

TABLE = "ballot"
MARKS = "'single', 'approval', 'knapsack', 'ranked'"
PAIRS = "'score', 'points', 'questions'"


def _section(wrong: str) -> str:
    """Say that the section of a new ballot has such a rule, and that it is broken."""
    return (
        "EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id "  # noqa: S608 - our own
        f"AND s.no = NEW.section_no AND ({wrong}))"
    )


# What stands in a ballot, one row an entry: e.option_no, and for pairs e.said as JSON writes it
# and e.parts, how long the entry is. What cannot be read so is an error of its own on both
# databases, and refused as well.
_SQLITE_MARKS = (
    "(SELECT CASE m.type WHEN 'integer' THEN m.value END AS option_no "
    "FROM json_each(NEW.choices) m) e"
)
_POSTGRESQL_MARKS = (
    "(SELECT m.value::text::integer AS option_no FROM jsonb_array_elements(NEW.choices::jsonb) m) e"
)
_SQLITE_PAIRS = (
    "(SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END "
    "AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, "
    "json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e"
)
_POSTGRESQL_PAIRS = (
    "(SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, "
    "jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e"
)
_KNOWN = (
    "JOIN poll_option o ON o.poll_id = s.poll_id AND o.section_no = s.no AND o.no = e.option_no"
)


def _guard(name: str, message: str, kinds: str, wrong: str, entries: tuple[str, str]) -> Guard:
    # CASE, because AND promises no order: what reads pairs must never meet a list of marks.
    sqlite, postgresql = (
        _section(f"CASE WHEN s.kind IN ({kinds}) THEN {wrong.replace('ENTRIES', each)} END")
        for each in entries
    )
    return Guard(
        name=f"ballot_{name}",
        table=TABLE,
        event="INSERT",
        message=f"limits: {message}",
        refuse_when=sqlite,
        on_postgresql=postgresql,
    )


_WHOLE = "e.said <> CAST(CAST(e.said AS INTEGER) AS TEXT)"
_COUNTED = (
    "substr(NEW.choices, 1, 1) <> '[' "  # noqa: S608 - our own words
    "OR (SELECT count(*) FROM ENTRIES) NOT BETWEEN s.least AND s.most "
    f"OR (SELECT count(DISTINCT o.no) FROM ENTRIES {_KNOWN}) <> (SELECT count(*) FROM ENTRIES)"
)
MARKED = (_SQLITE_MARKS, _POSTGRESQL_MARKS)
PAIRED = (_SQLITE_PAIRS, _POSTGRESQL_PAIRS)

WITHIN_LIMITS = (
    _guard(
        "names_options_within_limits",
        "a ballot names each option once, from its section, within least and most",
        MARKS,
        _COUNTED,
        MARKED,
    ),
    _guard(
        "judges_options_within_limits",
        "a ballot judges each option once, from its section, within least and most",
        PAIRS,
        f"{_COUNTED} OR EXISTS (SELECT 1 FROM ENTRIES WHERE e.parts <> 2)",  # noqa: S608
        PAIRED,
    ),
    _guard(
        "stays_within_the_budget",
        "the chosen options cost more than the section allows",
        "'knapsack'",
        f"(SELECT coalesce(sum(o.cost), 0) FROM ENTRIES {_KNOWN}) > s.budget",  # noqa: S608
        MARKED,
    ),
    _guard(
        "stays_on_the_scale",
        "a score lies outside the scale",
        "'score'",
        f"EXISTS (SELECT 1 FROM ENTRIES WHERE {_WHOLE} "  # noqa: S608
        "OR CAST(e.said AS INTEGER) NOT BETWEEN s.lowest AND s.highest)",
        PAIRED,
    ),
    _guard(
        "hands_out_its_points",
        "points are handed out in whole numbers, as many as there are",
        "'points'",
        f"EXISTS (SELECT 1 FROM ENTRIES WHERE {_WHOLE} "  # noqa: S608
        "OR CAST(e.said AS INTEGER) < 1 "
        "OR CAST(e.said AS INTEGER) > coalesce(s.each_most, s.points)) "
        "OR (SELECT coalesce(sum(CAST(e.said AS INTEGER)), 0) FROM ENTRIES) > s.points "
        "OR (s.spend_all AND "
        "(SELECT coalesce(sum(CAST(e.said AS INTEGER)), 0) FROM ENTRIES) < s.points)",
        PAIRED,
    ),
    _guard(
        "answers_in_known_words",
        "an answer is yes, no or abstain",
        "'questions'",
        "EXISTS (SELECT 1 FROM ENTRIES WHERE e.said NOT IN ('\"yes\"', '\"no\"', '\"abstain\"'))",
        PAIRED,
    ),
)
