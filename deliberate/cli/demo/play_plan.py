"""What happens with the plan of Zagroble: announced in four places, with four meetings."""

from __future__ import annotations

from functools import partial

from deliberate.accounts.standing import Needs
from deliberate.cli.demo import holding, plan, processes, remarking
from deliberate.cli.demo.calendar import Days, Step
from deliberate.cli.demo.founding import World
from deliberate.cli.demo.holding import Gathering
from deliberate.cli.demo.lookup import area_id, contact, unit_id
from deliberate.cli.demo.processes import Scene
from deliberate.cli.demo.texts import read
from deliberate.consultations.actions import announcements
from deliberate.consultations.models import Effect, Template
from deliberate.consultations.procedures import DEFINITIONS, Form, Procedure
from deliberate.kernel import clock
from deliberate.meetings.kinds import Kind
from deliberate.surveys.actions import building

TUESDAY, THURSDAY, SATURDAY = 1, 3, 5
FIRE_STATION = ("Remiza OSP w Zagroblu", "Zagroble 31")


def steps(world: World, days: Days) -> list[Step]:
    tenant = world.tenants["wrzosowiany"]
    scene = Scene.of(world, days, tenant, officer="jolanta", approver="ryszard")
    forms = (Form.OPEN_MEETING, Form.STUDY_WALK, Form.SURVEY, Form.CONSULTATION_POINT)
    columns = {
        "title": plan.TITLE,
        "summary": plan.SUMMARY,
        "can_change": plan.CAN_CHANGE,
        "cannot_change": plan.CANNOT_CHANGE,
        "area_id": area_id(tenant, "Zagroble"),
        "effect": Effect.ADVISES,
        "decided_by": tenant.council,
        "answer_due": days.day(plan.ANSWER_DUE),
        "unit_id": unit_id(tenant, "Referat Inwestycji"),
        "contact": contact(tenant),
        "legal_basis": DEFINITIONS[Procedure.SPATIAL_PLAN].basis,
        "procedure": Procedure.SPATIAL_PLAN,
        "case_number": f"RI.6721.3.{days.today.year}",
        "responsible_person": f"{scene.officer.display_name}, podinspektorka",
        "planned_forms": ",".join((*forms, Form.DESIGNER_HOURS)),
        "propose_needs": Needs.EMAIL,
        "appeal_person_id": world.people["irena"].id,
        "picture": "river",
    }
    return [
        *processes.announcing(
            scene,
            on=plan.ANNOUNCED,
            slug=plan.SLUG,
            columns=columns,
            phases=plan.PHASES,
            topics=("planowanie-przestrzeni",),
            translations={},
            template=Template.DOCUMENT,
            prepare=partial(_prepare, scene),
        ),
        Step(days.at(plan.ANNOUNCED, 12), partial(_announce, scene)),
        *(
            Step(days.at(plan.ANNOUNCED, 13, minute), partial(holding.announce, scene, gathering))
            for minute, gathering in enumerate(_gatherings(days))
        ),
    ]


def _prepare(scene: Scene) -> None:
    remarking.put_up(scene, plan.DOCUMENT, read("plan.txt"))
    actor, now = scene.actor, clock.now()
    survey = building.create(
        scene.consultation, plan.SURVEY, is_anonymous=True, actor=actor, now=now
    )
    building.offer(survey, actor=actor, now=now)


def _announce(scene: Scene) -> None:
    """Tick the channels one by one, each with its evidence."""
    now = clock.now()
    for channel, words, url in plan.ANNOUNCEMENTS:
        announcements.save(
            scene.consultation,
            channel,
            planned_on=clock.local(now).date(),
            done_on=clock.local(now).date(),
            words=words,
            url=url,
            file=None,
            actor=scene.actor,
            now=now,
        )


def _gatherings(days: Days) -> list[Gathering]:
    """Return the meetings, on days of the week on which people come."""
    place, address = FIRE_STATION
    opens, closes = plan.PHASES[0][1:3]
    walk, meeting = days.next_weekday(opens + 3, SATURDAY), days.next_weekday(opens + 5, THURSDAY)
    hours = days.next_weekday(opens + 12, TUESDAY)
    return [
        Gathering(
            kind=Kind.STUDY_WALK,
            title="Spacer po środku wsi i nad Strugą",
            starts_at=days.at(walk, 10),
            ends_at=days.at(walk, 12),
            place="Zbiórka przed remizą",
            address=address,
            leader="Projektantka planu i sołtyska Zagrobla",
            about="Idziemy 1,4 km: remiza, droga gminna, łąka. Na mapach zaznaczymy, co zmienić.",
            bring="Buty na mokrą trawę. Mapy i pisaki mamy.",
            access=("assistant_dog",),
            lacks=("step_free", "loop", "sign_language"),
            seats=40,
        ),
        Gathering(
            kind=Kind.OPEN_MEETING,
            title="Spotkanie otwarte o projekcie planu",
            starts_at=days.at(meeting, 17, 30),
            ends_at=days.at(meeting, 19, 30),
            place=place,
            address=address,
            directions="Autobus 14 z Wrzosowian o 17.05, powrót o 19.45 – w tym dniu bezpłatny.",
            leader="Projektantka planu i sekretarz gminy",
            about="Najpierw 15 minut prezentacji, potem pytania. Notatkę ogłosimy na tej stronie.",
            access=("step_free", "toilet", "loop", "childcare", "assistant_dog"),
            lacks=("lift", "sign_language"),
            seats=90,
        ),
        Gathering(
            kind=Kind.DESIGNER_HOURS,
            title="Dyżur projektantki",
            starts_at=days.at(hours, 16),
            ends_at=days.at(hours, 18, 20),
            place="Urząd Gminy, pokój 4 (parter)",
            address="ul. Lipowa 8, Wrzosowiany",
            leader="Projektantka planu",
            about="Rozmowa o jednej działce. Na każdą osobę jest dwadzieścia minut.",
            bring="Numer działki, jeśli go znasz.",
            access=("step_free", "toilet", "assistant_dog"),
            lacks=("loop",),
            seats=7,
            slot_minutes=20,
        ),
        Gathering(
            kind=Kind.CONSULTATION_POINT,
            title="Punkt konsultacyjny w sklepie u pani Krysi",
            starts_at=days.at(opens, 7),
            ends_at=days.at(closes, 18),
            place="Sklep spożywczy w Zagroblu",
            address="Zagroble 29",
            hours="pon.–sob. 7–18; we wtorki od 15.30 dyżuruje ktoś z urzędu",
            leader="Referat Inwestycji",
            about="Wydruk projektu, rysunek planu, formularze uwag i skrzynka na formularze.",
            access=("step_free",),
            lacks=("toilet", "loop"),
        ),
    ]
