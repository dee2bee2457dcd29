"""Changing aims and measures. One operation edits, sets the state and removes, whichever of the two it is.

What was adopted is public: it is not removed any more, but said to be given up.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from coordination.strategy.models import Aim, Measure
from coordination.strategy.rules import State
from core import history
from core.access import Actor
from core.clock import today
from core.database import check_version, free_key_kept, get_row, session, transaction
from core.errors import Refused
from core.hour_words import check_year
from core.languages import _
from core.slugs import free_slug

Item = TypeVar("Item", Aim, Measure)


@dataclass(frozen=True)
class Terms:
    """What is said of an aim or measure but for its state; see the model for the meaning of each."""

    title: str
    text: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    adopted_on: date | None = None
    adopted_by: str = ""


@dataclass(frozen=True)
class Stand:
    """How far an aim or measure has come, since when, and why; None = since today."""

    state: State = State.PLANNED
    since: date | None = None
    reason: str = ""


def terms_of(row: Aim | Measure) -> Terms:
    """What is said of it now."""
    return Terms(**{field.name: getattr(row, field.name) for field in fields(Terms)})


def stand_of(row: Aim | Measure) -> Stand:
    """How far it is now."""
    return Stand(State(row.state), row.state_since, row.reason)


def create_aim(actor: Actor, terms: Terms, *, stand: Stand | None = None, key: str = "") -> Aim:
    """Enter an aim; without a `key` one is made from its title. Refused as `_check` and `_set_stand` say, and a title
    that somebody else entered at the same moment."""
    with transaction():
        return _enter(actor, Aim(key=key), terms, stand or Stand())


def create_measure(actor: Actor, aim_id: int, *, terms: Terms, stand: Stand | None = None, key: str = "") -> Measure:
    """Enter a measure that serves this aim. Raises NotFound; refused as `create_aim`, and as adopted before its aim."""
    with transaction():
        return _enter(actor, Measure(key=key, aim=get_row(Aim, aim_id)), terms, stand or Stand())


def edit(actor: Actor, model: type[Item], item_id: int, *, version: int | None, terms: Terms) -> Item:
    """Save the terms. Raises NotFound, Outdated when somebody saved since `version`, and Refused as creating does."""
    with transaction():
        row: Item = get_row(model, item_id)
        check_version(row, version)
        _check(row, terms)
        _fill(row, terms)
        history.record(actor, f"strategy.edit_{model.__tablename__}", row)
    return row


def set_state(actor: Actor, model: type[Item], item_id: int, *, version: int | None, stand: Stand) -> Item:
    """Say how far it has come. Raises NotFound and Outdated; refused as `_set_stand` says."""
    with transaction():
        row: Item = get_row(model, item_id)
        check_version(row, version)
        _set_stand(row, stand)
        history.record(actor, f"strategy.set_state_of_{model.__tablename__}", row)
    return row


def move(actor: Actor, measure_id: int, *, aim_id: int) -> Measure:
    """The measure serves another aim. Raises NotFound; refused: it was adopted, and that aim was not."""
    with transaction():
        row = get_row(Measure, measure_id)
        row.aim = get_row(Aim, aim_id)
        _check(row, terms_of(row))
        history.record(actor, "strategy.edit_measure", row)
    return row


def remove(actor: Actor, model: type[Aim] | type[Measure], item_id: int) -> None:
    """It was entered by mistake. Raises NotFound; refused: it was adopted, or something hangs on it."""
    with transaction() as current:
        row = get_row(model, item_id)
        if row.adopted_on is not None:
            raise Refused(_("What was adopted stays. Please say that it was given up, and why."))
        if isinstance(row, Aim) and row.measures:
            raise Refused(_("This aim has measures. Please remove them first."))
        history.record(actor, f"strategy.remove_{model.__tablename__}", row)
        current.delete(row)
        try:
            current.flush()
        except IntegrityError as error:  # rooms above point to it
            raise Refused(_("Cooperations serve this measure. Please say that it was given up, and why.")) from error


def _enter(actor: Actor, row: Item, terms: Terms, stand: Stand) -> Item:
    current = session()
    with current.no_autoflush:
        row.key = row.key or free_slug(terms.title, set(current.scalars(select(type(row).key))))
        _check(row, terms)
        _fill(row, terms)
        _set_stand(row, stand)
    with free_key_kept("title"):
        current.add(row)
    history.record(actor, f"strategy.create_{row.__tablename__}", row)
    return row


def _fill(row: Aim | Measure, terms: Terms) -> None:
    for name, value in asdict(terms).items():
        setattr(row, name, value)


def _check(row: Aim | Measure, terms: Terms) -> None:
    """Refuse, at its field: no title, a year in which no date lies, a committee as owner, a day of adoption that is
    still to come, a day or a body of adoption without the other, a measure that was adopted before its aim, and the
    reverse."""
    if not terms.title:
        raise Refused(_("Please fill in this field."), "title")
    for field, day in (("due_on", terms.due_on), ("adopted_on", terms.adopted_on)):
        if day is not None:
            check_year(day, field)
    if terms.owner_id is not None and get_row(Organization, terms.owner_id).kind == Kind.COMMITTEE:
        raise Refused(_("Please choose a department or another organization."), "owner_id")
    if terms.adopted_on is not None and terms.adopted_on > today():
        raise Refused(_("This day is still to come. Please enter it when it was adopted."), "adopted_on")
    if terms.adopted_on is not None and not terms.adopted_by:
        raise Refused(_("Please say which body adopted it."), "adopted_by")
    if terms.adopted_by and terms.adopted_on is None:
        raise Refused(_("Please say on which day it was adopted."), "adopted_on")
    if isinstance(row, Measure) and terms.adopted_on is not None and row.aim.adopted_on is None:
        raise Refused(_("The aim of this measure was not adopted yet. Please enter that first."), "adopted_on")
    if isinstance(row, Aim) and terms.adopted_on is None and any(one.adopted_on for one in row.measures):
        raise Refused(_("Measures of this aim were adopted. Please change them first."), "adopted_on")


def _set_stand(row: Aim | Measure, stand: Stand) -> None:
    """Refused: a day that is still to come or in a year in which no date lies, and giving up without a word why. No day
    means today."""
    if stand.state == State.GIVEN_UP and not stand.reason:
        raise Refused(_("Please say why it was given up."), "reason")
    if stand.since is not None and stand.since > today():
        raise Refused(_("This day is still to come. Please enter the day of the change."), "since")
    row.state_since = stand.since or today()
    check_year(row.state_since, "since")
    row.state, row.reason = stand.state, stand.reason
