"""What happens in the county of the demo world: the programme of cooperation, up to its answers."""

from __future__ import annotations

from functools import partial

from deliberate.accounts.standing import Needs
from deliberate.cli.demo import holding, play_assemblies, processes, programme, remarking
from deliberate.cli.demo.calendar import Days, Step, happen
from deliberate.cli.demo.founding import World
from deliberate.cli.demo.holding import Course, Gathering
from deliberate.cli.demo.lookup import contact, unit_id
from deliberate.cli.demo.processes import Scene
from deliberate.consultations.models import Effect, Template
from deliberate.consultations.procedures import DEFINITIONS, Content, Form, Procedure
from deliberate.meetings.kinds import Kind


def play(world: World, days: Days) -> None:
    """Play 2.5: announced, remarked on, closed; some of the positions are drafted."""
    tenant = world.tenants["powiat-wierzbogorski"]
    scene = Scene.of(world, days, tenant, officer="urszula", approver="leszek")
    year = days.today.year + 1
    columns = {
        "title": programme.TITLE,
        "summary": programme.SUMMARY,
        "can_change": programme.CAN_CHANGE,
        "cannot_change": programme.CANNOT_CHANGE,
        "effect": Effect.ADVISES,
        "decided_by": tenant.council,
        "answer_due": days.day(programme.ANSWER_DUE),
        "unit_id": unit_id(tenant, "Wydział Spraw Społecznych"),
        "contact": contact(tenant),
        "legal_basis": DEFINITIONS[Procedure.NGO_PROGRAMME].basis,
        "procedure": Procedure.NGO_PROGRAMME,
        "case_number": f"WSS.524.1.{year - 1}",
        "responsible_person": f"{scene.officer.display_name}, pełnomocniczka zarządu",
        "planned_forms": Form.OPEN_MEETING,
        "contents": ",".join(Content),
        "propose_needs": Needs.EMAIL,
        "appeal_person_id": world.people["irena"].id,
        "picture": "table",
    }
    rows, letters = programme.read_remarks(), programme.LETTERS
    put_up = partial(
        remarking.put_up,
        scene,
        f"Projekt programu współpracy na rok {year}",
        programme.text(year),
    )
    happen(
        [
            *processes.announcing(
                scene,
                on=programme.ANNOUNCED,
                slug=programme.SLUG,
                columns=columns,
                phases=programme.PHASES,
                topics=("wspolpraca-z-organizacjami", "zdobywanie-funduszy"),
                translations=programme.TRANSLATIONS,
                template=Template.DOCUMENT,
                prepare=put_up,
            ),
            *_meetings(scene),
            *remarking.remarking(scene, rows),
            *remarking.signing_letters(scene, letters),
            *remarking.drafting(scene, rows, letters, first=-8, last=-1),
            *play_assemblies.panel_steps(world, days),
        ]
    )


def _meetings(scene: Scene) -> list[Step]:
    """Have each meeting announced with the consultation, held, and its note published."""
    days, steps = scene.days, []
    for turn, (day, place, address, attendance, topics, note, questions) in enumerate(
        programme.MEETINGS
    ):
        gathering = Gathering(
            kind=Kind.OPEN_MEETING,
            title="Spotkanie otwarte o programie współpracy",
            starts_at=days.at(day, 17, 30),
            ends_at=days.at(day, 19, 30),
            place=place,
            address=address,
            leader="Pełnomocniczka do spraw współpracy z organizacjami",
            access=("step_free", "toilet", "loop", "assistant_dog"),
            lacks=("sign_language",),
        )
        course = Course(attendance=attendance, topics=topics, note=note, questions=questions)
        announced = days.at(programme.ANNOUNCED, 12, turn)
        steps += [
            Step(announced, partial(holding.announce, scene, gathering)),
            Step(days.at(day + 2, 8), partial(holding.record, scene, gathering, course)),
        ]
    return steps
