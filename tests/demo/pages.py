"""Every page of a grown town that somebody may open: for the count of queries, and for the measurement of time."""

from typing import Any

from flask import Flask, url_for
from sqlalchemy import func, select

from coordination.accounts.models import Account, Assignment
from coordination.organizations.models import Organization
from coordination.people.models import Membership, Person
from core.clock import now
from core.database import db, session
from core.dated import Status
from meetings.agenda.models import AgendaItem
from meetings.sittings.models import Sitting
from participation.committees.models import Committee
from participation.seats.models import Appointment, Seat

#: the local parts of accounts of a grown town, one of each kind; nobody has the first
ROLES = ("public", "stranger", "officer", "clerk1", "member1", "admin")
#: ends what the test stands on, or is the library's own
LEFT_OUT = {"static", "security.logout", "security.static"}


class Pages:
    """The pages of the first committee and of the first of everything else."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.committee = session().scalars(select(Committee).order_by(Committee.id)).first()
        own = select(Sitting).where(Sitting.committee_id == self.committee.id).order_by(Sitting.starts_at)
        self.held = session().scalars(own.where(Sitting.starts_at < now())).first()
        ahead = own.where(Sitting.starts_at > now(), Sitting.status == Status.CONFIRMED)
        self.coming = session().scalars(ahead).first()

    def addresses(self) -> list[tuple[str, str]]:
        """(rule, address) of each page to read; a sitting's for one that was held and one to come. No documents."""
        found = []
        with self.app.test_request_context():
            for rule in self.app.url_map.iter_rules():
                if "GET" not in (rule.methods or ()) or rule.endpoint in LEFT_OUT:
                    continue
                if rule.rule.endswith((".pdf", ".ics")):
                    continue
                for which in ("held", "coming") if rule.arguments & {"sitting_id", "item_id"} else ("",):
                    values = self.values(self.coming if which == "coming" else self.held)
                    url = url_for(
                        rule.endpoint, **{name: values.get(name) or first_of(name) for name in rule.arguments}
                    )
                    found.append((f"{rule.rule} {which}".strip(), url))
        return found

    def values(self, sitting: Sitting) -> dict[str, Any]:
        """A value for each argument that a route may take."""

        def first(model: Any, *where: Any) -> int:
            return session().scalars(select(model.id).where(*where).order_by(model.id)).first() or 0

        held = select(Appointment).join(Seat).where(Seat.committee_id == self.committee.id).order_by(Appointment.id)
        appointment = session().scalars(held).first()
        return {
            "slug": self.committee.slug,
            "organization_id": first(Organization),
            "other_id": first(Organization),
            "person_id": appointment.person_id,
            "twin_id": first(Person, Person.id != appointment.person_id),
            "membership_id": first(Membership),
            "place_id": 1,
            "seat_id": appointment.seat_id,
            "appointment_id": appointment.id,
            "sitting_id": sitting.id,
            "item_id": first(AgendaItem, AgendaItem.sitting_id == sitting.id),
            "account_id": first(Account),
            "assignment_id": first(Assignment),
            "token_id": 1,
            "number": 1,
            "statistic": "formen",
            "figure": "sitzungen",
            "area": "mittel",
            "entry_id": first_of("funding_id"),
            "token": "no-such-token",
            "key": "no-such-key",
            "name": "impressum",
            "language": "de",
            "year": 2026,
            "month": 11,
        }


def first_of(argument: str) -> int:
    """For an argument like `cooperation_id`: the first row of that table (1 where it is empty)."""
    name = argument.removesuffix("_id")
    known = (name, f"planning_{name}", f"strategy_{name}")
    table = next(db.metadata.tables[each] for each in known if each in db.metadata.tables)
    return session().scalar(select(func.min(table.c.id))) or 1
