"""A large town with a year behind it, made in a minute: to see how the house stands it.

Rows are inserted in bulk, past the operations, since nobody really decided them; each has its line of history all the
same, and what counts changes is moved. The same seed gives the same town.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from calendars.invitations.models import Invitation
from coordination.accounts.models import Account, Assignment
from coordination.accounts.rules import Role
from coordination.cooperation.models import Cooperation, CooperationLead, Partner
from coordination.cooperation.rules import Format, Lead
from coordination.cooperation.rules import Status as CooperationStatus
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.organizations.rules import PartnerRole
from coordination.people.models import Membership, Person
from coordination.places.models import Booking, Place
from core import history
from core.access import SYSTEM
from core.bulk import columns_of
from core.clock import now, to_utc, today
from core.database import session, transaction
from core.dated import Status
from core.errors import Refused
from core.instance import move_calendars, uid_host
from core.languages import _
from demo import names
from meetings.agenda.models import AgendaItem
from meetings.attendance.models import Attendance, Reply
from meetings.attendance.rules import Answer, Presence
from meetings.minutes.content import checksum, write
from meetings.minutes.models import Minutes, MinutesRelease, MinutesRevision
from meetings.minutes.niederschrift import content_today
from meetings.minutes.operations import salt
from meetings.minutes.queries import find_minutes
from meetings.sittings.models import Sitting
from meetings.sittings.rules import Mode
from participation.committees import operations as committees
from participation.committees.models import Committee
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from participation.seats.models import Appointment, Seat

#: rows that are inserted and committed together
BATCH = 10_000
SEATS = 20
AGENDA = 5
DOMAIN = "grossstadt.example"
#: hours at which sittings begin, evenings more often than office time
HOURS = (time(9, 30), time(14), time(16, 30), time(17), time(18), time(18, 30), time(18, 30), time(19))
PRESENCES = (*[Presence.PRESENT] * 6, Presence.REMOTE, Presence.REPRESENTED, Presence.EXCUSED, Presence.ABSENT)

Values = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How large a town is. What hangs on these follows: two people an organization, 20 seats a committee."""

    organizations: int = 2_000
    committees: int = 60
    sittings: int = 10_000
    places: int = 40

    def scaled(self, scale: float) -> "Size":
        """The same town so many times as large; at least two of each."""
        return Size(*(max(2, round(number * scale)) for number in astuple(self)))


class Growth:
    """Makes one town. Each step commits, and says what it did to `tell`."""

    def __init__(self, size: Size, *, days: int = 365, seed: int = 1, tell: Callable[[str, int], None]) -> None:
        self.size, self.random, self.tell = size, Random(seed), tell
        self.first, self.last = today() - timedelta(days=days * 4 // 5), today() + timedelta(days=days // 5)

    def run(self) -> None:
        """The whole town. Refused where one has grown already."""
        if session().scalar(select(Committee.id).where(Committee.slug == "gross-1")) is not None:
            raise Refused(_("A large town has grown in this database already."))
        self._organizations()
        self._people()
        self._places()
        self._committees()
        self._cooperations()
        self._seats()
        self._accounts()
        self._sittings()
        self._agendas()
        self._attendance()
        self._minutes()
        self._replies()

    def add(self, model: Any, rows: Iterable[Values], action: str) -> list[int]:
        """Insert the rows with their lines of history; the new ids, in order."""
        ids: list[int] = []
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            with transaction():
                ids += history.insert_all(SYSTEM, action, model, columns_of(batch))
                move_calendars()
        self.tell(model.__tablename__, len(ids))
        return ids

    def _organizations(self) -> None:
        kinds = [OrganizationKind.MIGRANT_ORGANISATION] * 6 + [
            OrganizationKind.ASSOCIATION,
            OrganizationKind.WELFARE,
            OrganizationKind.DEPARTMENT,
        ]
        rows = (
            {
                "key": f"gross-verein-{number}",
                "name": names.organization(self.random, number),
                "kind": self.random.choice(kinds),
                "email": f"verein{number}@{DOMAIN}",
                "about": "Treffen, Beratung und Feste.",
            }
            for number in range(self.size.organizations)
        )
        self.organizations = self.add(Organization, rows, "organizations.create")

    def _people(self) -> None:
        """Two members in each organization."""
        count = 2 * len(self.organizations)
        self.people = self.add(Person, map(self._person, range(count)), "people.create")
        memberships = (
            {"person_id": person_id, "organization_id": self.organizations[number // 2], "function": "Vorstand"}
            for number, person_id in enumerate(self.people)
        )
        self.add(Membership, memberships, "people.join")

    def _person(self, number: int) -> Values:
        given, family = names.person(self.random)
        mail = f"person{number}@{DOMAIN}"
        return {"key": f"gross-person-{number}", "given_name": given, "family_name": family, "email": mail}

    def _places(self) -> None:
        rows = ({"key": f"gross-saal-{n}", "name": f"Bürgerhaus {n}", "room": "Saal"} for n in range(self.size.places))
        self.places = self.add(Place, rows, "places.create")

    def _committees(self) -> None:
        """One in ten is not public. They are few, so they come by the operation, with all that belongs to one."""
        with transaction():
            rows = [
                committees.create_committee(SYSTEM, self._charter(number), slug=f"gross-{number}")
                for number in range(1, self.size.committees + 1)
            ]
            self.committees = [row.id for row in rows]
            self.bodies = [row.organization_id for row in rows]
        self.tell(Committee.__tablename__, len(rows))

    def _charter(self, number: int) -> Charter:
        kind = self.random.choice(list(Kind))
        return Charter(name=names.committee(self.random, number), kind=kind, public=number % 10 != 0)

    def _cooperations(self) -> None:
        """An event of the past for every second organization, with its partner."""
        hosts = self.organizations[::2]
        rows = (
            {
                "key": f"gross-fest-{number}",
                "title": f"{self.random.choice(names.THEMES)} im Gespräch {number}",
                "format": Format.SINGLE_EVENT,
                "starts_on": day,
                "ends_on": day,
                "status": CooperationStatus.HELD,
                "participants": self.random.randint(8, 200),
            }
            for number in range(len(hosts))
            for day in [self.first + timedelta(days=self.random.randrange(200))]
        )
        made = self.add(Cooperation, rows, "cooperation.create")
        leads = ({"cooperation_id": cooperation_id, "lead": self.random.choice(list(Lead))} for cooperation_id in made)
        self.add(CooperationLead, leads, "cooperation.lead")
        partners = (
            {"cooperation_id": cooperation_id, "organization_id": host, "role": PartnerRole.PARTNER}
            for cooperation_id, host in zip(made, hosts, strict=True)
        )
        self.add(Partner, partners, "cooperation.add_partner")

    def _seats(self) -> None:
        """Each seat is held for an organization; one in ten is vacant, one in five has no deputy."""
        rows = (
            {
                "committee_id": committee_id,
                "label": f"Sitz {place}",
                "position": place,
                "organization_id": self.random.choice(self.organizations),
                "voting_right": place % 4 != 0,
                "motion_right": True,
            }
            for committee_id in self.committees
            for place in range(1, SEATS + 1)
        )
        found = self.add(Seat, rows, "seats.create")
        self.seats = {c: found[n * SEATS : (n + 1) * SEATS] for n, c in enumerate(self.committees)}
        self.members: dict[int, int] = {}
        self.add(Appointment, self._appointments(found), "seats.appoint")

    def _appointments(self, seats: Sequence[int]) -> Iterator[Values]:
        for seat_id in seats:
            if self.random.random() < 0.1:
                continue
            member, deputy = self.random.sample(self.people, 2)
            self.members[seat_id] = member
            yield {"seat_id": seat_id, "person_id": member, "rank": 0}
            if self.random.random() < 0.8:
                yield {"seat_id": seat_id, "person_id": deputy, "rank": 1}

    def _accounts(self) -> None:
        """Administration, a department's officers, a clerk for each committee, members, somebody without a role."""
        seated = list(dict.fromkeys(self.members.values()))[: 7 * self.size.committees]
        clerks = [(f"clerk{n}", Role.CLERK, body, None) for n, body in enumerate(self.bodies, 1)]
        members = [
            (f"member{n}", Role.REPRESENTATIVE, self.random.choice(self.organizations), person_id)
            for n, person_id in enumerate(seated, 1)
        ]
        held = [
            ("admin", Role.ADMIN, None, None),
            ("stranger", None, None, None),
            ("officer", Role.OFFICER, self.organizations[0], None),
            *clerks,
            *members,
        ]
        rows = (
            {"email": f"{name}@{DOMAIN}", "active": True, "fs_uniquifier": f"{name}-{self._uid()}", "person_id": person}
            for name, _role, _organization, person in held
        )
        ids = self.add(Account, rows, "accounts.create")
        duties = (
            {"account_id": account_id, "role": role, "organization_id": organization_id}
            for account_id, (_name, role, organization_id, _person) in zip(ids, held, strict=True)
            if role is not None
        )
        self.add(Assignment, duties, "accounts.assign")

    def _sittings(self) -> None:
        """Spread over the period, each committee in turn; what lies ahead is partly planned, drafted or cancelled."""
        self.held: list[tuple[int, int]] = []
        self.coming: list[tuple[int, int, datetime]] = []
        rows = [self._sitting(number) for number in range(self.size.sittings)]
        taken = [row for row in rows if row["place_id"] and row["status"] in (Status.TENTATIVE, Status.CONFIRMED)]
        bookings = self.add(
            Booking,
            ({"place_id": r["place_id"], "starts_at": r["starts_at"], "ends_at": r["ends_at"]} for r in taken),
            "places.book",
        )
        for row, booking_id in zip(taken, bookings, strict=True):
            row["booking_id"] = booking_id
        self.sittings = self.add(Sitting, rows, "sittings.schedule")
        for sitting_id, row in zip(self.sittings, rows, strict=True):
            if row["starts_at"] <= now() and row["status"] != Status.CANCELLED:
                self.held.append((sitting_id, row["committee_id"]))
            elif row["status"] == Status.CONFIRMED and row["starts_local"].date() <= today() + timedelta(days=28):
                self.coming.append((sitting_id, row["committee_id"], row["starts_local"]))

    def _sitting(self, number: int) -> Values:
        share = number / self.size.sittings
        day = self.first + timedelta(days=int(share * (self.last - self.first).days))
        start = datetime.combine(day, self.random.choice(HOURS))
        end, ahead = start + timedelta(hours=2), day > today()
        status = self.random.choice([Status.CONFIRMED] * 7 + [Status.TENTATIVE, Status.DRAFT, Status.CANCELLED])
        return {
            "uid": f"{self._uid()}@{uid_host()}",
            "committee_id": self.committees[number % len(self.committees)],
            "status": status if ahead else Status.CONFIRMED,
            "starts_local": start,
            "ends_local": end,
            "starts_at": to_utc(start),
            "ends_at": to_utc(end),
            "title": "" if number % 3 else f"Sitzung zum Thema {self.random.choice(names.THEMES)}",
            "number": f"{number // len(self.committees) + 1}/{day.year}",
            "mode": Mode.HYBRID if number % 5 == 0 else Mode.IN_PERSON,
            "place_id": self.places[number % len(self.places)] if number % 2 else None,
            "booking_id": None,
            "public": number % 7 != 0,
        }

    def _agendas(self) -> None:
        rows = (
            {
                "sitting_id": sitting_id,
                "number": str(position + 1),
                "position": position,
                "title": self.random.choice(names.ITEMS),
                "public": position != AGENDA - 1,
            }
            for sitting_id in self.sittings
            for position in range(AGENDA)
        )
        self.items = self.add(AgendaItem, rows, "agenda.add")

    def _attendance(self) -> None:
        """A line for each seat at each sitting that was held, and for those ahead none: 20 for each of 8,000."""
        rows = (
            {
                "sitting_id": sitting_id,
                "seat_id": seat_id,
                "presence": self.random.choice(PRESENCES),
                "person_id": self.members.get(seat_id),
            }
            for sitting_id, committee_id in self.held
            for seat_id in self.seats[committee_id]
        )
        self.add(Attendance, rows, "attendance.record")

    def _minutes(self) -> None:
        """Two texts for every third sitting that was held; most of them are released."""
        place = {sitting_id: number * AGENDA for number, sitting_id in enumerate(self.sittings)}
        written = [sitting_id for sitting_id, _committee in self.held[::3]]
        texts = (
            {
                "agenda_item_id": self.items[place[sitting_id] + position],
                "number": 1,
                "text": "Die Verwaltung berichtet. Der Beirat nimmt **zustimmend** Kenntnis.",
            }
            for sitting_id in written
            for position in range(2)
        )
        self.add(MinutesRevision, texts, "minutes.save")
        moment = now()
        heads = (
            {"sitting_id": sitting_id, "chair_name": "Vorsitz", "released_at": moment if number % 4 else None}
            for number, sitting_id in enumerate(written)
        )
        self.add(Minutes, heads, "minutes.save")
        released = [sitting_id for number, sitting_id in enumerate(written) if number % 4]
        self.add(MinutesRelease, (self._copy(sitting_id, moment) for sitting_id in released), "minutes.release")

    def _copy(self, sitting_id: int, moment: datetime) -> Values:
        content = write(content_today(session().get_one(Sitting, sitting_id), find_minutes(sitting_id)), salt())
        return {
            "sitting_id": sitting_id,
            "number": 1,
            "released_at": moment,
            "recorded_at": moment,
            "reason": "",
            "content": content,
            "checksum": checksum(content),
        }

    def _replies(self) -> None:
        """Everybody is invited to the sittings of the next four weeks, and two in three have answered."""
        asked = [
            (sitting_id, seat_id, self.members[seat_id], start)
            for sitting_id, committee_id, start in self.coming
            for seat_id in self.seats[committee_id]
            if seat_id in self.members
        ]
        asked = list(
            {(sitting, person): (sitting, seat, person, start) for sitting, seat, person, start in asked}.values()
        )
        invitations = (
            {"sitting_id": sitting, "person_id": person, "seat_id": seat, "told_sequence": 0, "told_start": start}
            for sitting, seat, person, start in asked
        )
        self.add(Invitation, invitations, "invitations.invite")
        replies = (
            {
                "sitting_id": sitting,
                "seat_id": seat,
                "person_id": person,
                "answer": self.random.choice(list(Answer)),
                "for_start": start,
            }
            for sitting, seat, person, start in asked
            if self.random.random() < 0.66
        )
        self.add(Reply, replies, "attendance.answer")

    def _uid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))
