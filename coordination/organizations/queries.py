"""Reading organizations: what there is, and what of it a reader may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from coordination.organizations.models import NetworkPhase, Organization, PublicationConsent, UmbrellaMembership
from coordination.organizations.publication import (
    NOT_FOR_PUBLIC,
    PUBLIC_BODIES,
    Audience,
    Field,
    Level,
    Reader,
    Shown,
    levels_for,
    shown_fields,
)
from coordination.organizations.rules import Kind, MoKind, Topic
from core.clock import today
from core.database import get_row, once, session
from core.errors import NotFound, Refused
from core.languages import _
from core.web import like
from core.words import holds

#: fields whose value is the column of the same name
PLAIN = (
    Field.OWN_LABEL,
    Field.KINDS,
    Field.ABOUT,
    Field.AIMS,
    Field.ROLES,
    Field.TOPICS,
    Field.TARGET_GROUPS,
    Field.LANGUAGES,
    Field.SERVICES,
    Field.ROOMS,
    Field.ADDRESS,
    Field.EMAIL,
    Field.PHONE,
    Field.WEBSITE,
)
#: ways to reach an organization
ADDRESSES = (Field.ADDRESS, Field.EMAIL, Field.PHONE)
#: what all departments see of organizations: what these share within the administration
DEPARTMENTS = Reader(Audience.ADMINISTRATION)

#: the id of the entry that has what hung on this one
_NOW = func.coalesce(Organization.merged_into_id, Organization.id)


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None and "" narrow nothing. It is looked for only in what the reader may see."""

    text: str = ""
    kind: Kind | None = None
    mo_kind: MoKind | None = None
    topic: Topic | None = None
    language: str = ""
    #: belongs to this umbrella body today
    umbrella_id: int | None = None
    archived: bool = False


def get_organization(organization_id: int) -> Organization:
    """The organization, archived ones too. Raises NotFound, also for a committee's, which has pages of its own, and
    for an entry that was merged into another."""
    found = get_row(Organization, organization_id)
    if found.kind == Kind.COMMITTEE or found.merged_into_id is not None:
        raise NotFound
    return found


def find_by_key(key: str) -> Organization | None:
    """The organization with this short name, or None. The name of an entry that was merged finds what it is now."""
    found = session().scalar(select(Organization).where(Organization.key == key))
    return found if found is None or found.merged_into_id is None else get_row(Organization, found.merged_into_id)


def known_by_key(key: str) -> Organization:
    """As `find_by_key`, for what a file names. Refused: unknown."""
    found = find_by_key(key)
    if found is None:
        raise Refused(_("There is no organization with the key “%(key)s”.", key=key))
    return found


def list_by_ids(organization_ids: Collection[int]) -> list[Organization]:
    """The active organizations with these ids, by name: one query."""
    found = select(Organization).where(Organization.id.in_(organization_ids), Organization.archived_at.is_(None))
    return list(session().scalars(found.order_by(Organization.name, Organization.id)))


def known_by_keys(keys: Collection[str]) -> dict[str, Organization]:
    """For each of these short names that is known, its organization, as `find_by_key` finds it: one query."""
    whole = aliased(Organization)
    found = select(Organization.key, whole).join(whole, whole.id == _NOW).where(Organization.key.in_(keys))
    return {key: row for key, row in session().execute(found)}  # noqa: C416 - a Row is no pair to the type checker


def find_integration_department() -> Organization | None:
    """The active department that works with migrant organizations first, or None; the first by name if several."""
    found = select(Organization).where(Organization.integration_department, Organization.archived_at.is_(None))
    return session().scalars(found.order_by(Organization.name, Organization.id).limit(1)).first()


def rows_by_key(keys: Collection[str], names: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """For each of these short names that is known, these columns of its organization in this order: one query."""
    columns = [getattr(Organization, name) for name in names]
    rows = session().execute(select(Organization.key, *columns).where(Organization.key.in_(keys)))
    return {key: tuple(values) for key, *values in rows}


def ids_by_key(keys: Collection[str]) -> dict[str, int]:
    """The ids of the organizations with these short names as `find_by_key` finds them, unknown ones left out: one
    query."""
    rows = session().execute(select(Organization.key, _NOW.label("id")).where(Organization.key.in_(keys)))
    return {row.key: row.id for row in rows}


def search(text: str = "", kind: Kind | None = None, *, archived: bool = False) -> Select[Organization]:
    """Organizations whose name or short name contains the text, by name, for those who see them all. Committees are
    found in their own room."""
    return listed(Reader(Audience.OWN), Wanted(text=text, kind=kind, archived=archived))


def every() -> Select[Organization]:
    """All organizations but committees, archived ones too, by key: for files."""
    found = select(Organization).where(Organization.kind != Kind.COMMITTEE, Organization.merged_into_id.is_(None))
    return found.order_by(Organization.key)


def listed(reader: Reader, wanted: Wanted) -> Select[Organization]:
    """The organizations that the reader may see and wants, by name. What is hidden from them finds nothing."""
    found = select(Organization).where(Organization.kind != Kind.COMMITTEE, _may_be_seen(reader))
    found = found.where(
        Organization.archived_at.is_not(None) if wanted.archived else Organization.archived_at.is_(None)
    )
    found = found.where(Organization.merged_into_id.is_(None))
    if wanted.kind is not None:
        told = true() if reader.audience >= Audience.COLLEAGUES else field_shown(reader, Field.KINDS)
        found = found.where(Organization.kind == wanted.kind, told)
    if wanted.text:
        pattern = like(wanted.text)
        named = or_(Organization.name.ilike(pattern, escape="\\"), Organization.short_name.ilike(pattern, escape="\\"))
        own_word = Organization.own_label.ilike(pattern, escape="\\")
        found = found.where(or_(named, and_(own_word, field_shown(reader, Field.OWN_LABEL))))
    for column, word, field in (
        (Organization.kinds, wanted.mo_kind, Field.KINDS),
        (Organization.topics, wanted.topic, Field.TOPICS),
        (Organization.languages, wanted.language, Field.LANGUAGES),
    ):
        if word:
            found = found.where(holds(column, word), field_shown(reader, field))
    if wanted.umbrella_id is not None:
        umbrella = aliased(Organization)
        inside = (
            select(UmbrellaMembership.organization_id)
            .join(umbrella, umbrella.id == UmbrellaMembership.umbrella_id)
            .where(umbrella.id == wanted.umbrella_id, _may_be_seen(reader, umbrella), _holds_today())
        )
        found = found.where(Organization.id.in_(inside), field_shown(reader, Field.UMBRELLAS))
    return found.order_by(Organization.name, Organization.id)


def list_addresses(wanted: Wanted) -> Select[Organization]:
    """The organizations that share an address within the administration, by name. Public bodies are in no such list."""
    reachable = or_(*(field_shown(DEPARTMENTS, field) for field in ADDRESSES))
    return listed(DEPARTMENTS, wanted).where(Organization.kind.not_in(PUBLIC_BODIES), reachable)


def field_shown(reader: Reader, field: Field, row: Any = Organization) -> ColumnElement[bool]:
    """The condition that the reader may see this field of an organization; `publication.shown_fields` as SQL."""
    if reader.audience is Audience.OWN or (reader.audience >= Audience.COLLEAGUES and field is Field.OWN_LABEL):
        return true()
    consented: ColumnElement[bool] = exists().where(
        PublicationConsent.organization_id == row.id,
        PublicationConsent.field == field,
        PublicationConsent.level.in_(levels_for(reader.audience)),
        PublicationConsent.withdrawn_at.is_(None),
    )
    if reader.audience < Audience.COLLEAGUES and field in NOT_FOR_PUBLIC:
        consented = false()
    shared = or_(row.kind.in_(PUBLIC_BODIES), consented)
    return or_(shared, row.id.in_(reader.own)) if reader.own else shared


def _may_be_seen(reader: Reader, row: Any = Organization) -> ColumnElement[bool]:
    """The condition that the reader may know of the organization at all."""
    if reader.audience >= Audience.COLLEAGUES:
        return true()
    current = or_(row.archived_at.is_(None), row.id.in_(reader.own)) if reader.own else row.archived_at.is_(None)
    return and_(current, field_shown(reader, Field.NAME, row))


def shown(reader: Reader, rows: Collection[Organization]) -> list[Shown]:
    """These organizations as the reader may see them; others are left out. Three queries, whatever their number."""
    ids = [row.id for row in rows]
    consents = consents_in_force(ids)
    umbrellas, phases = _umbrellas_shown(reader, ids), phases_on(ids)
    found = []
    for row in rows:
        audience, kind = reader.of(row.id), Kind(row.kind)
        fields = shown_fields(audience, kind, consents[row.id])
        hidden = row.archived_at is not None and audience < Audience.COLLEAGUES
        if Field.NAME not in fields or hidden:
            continue
        values = {**_values(row), Field.UMBRELLAS: umbrellas.get(row.id), Field.PHASE: phases.get(row.id)}
        found.append(
            Shown(
                id=row.id,
                name=row.name,
                short_name=row.short_name,
                kind=kind,
                kind_is_told=audience >= Audience.COLLEAGUES or kind in PUBLIC_BODIES or Field.KINDS in fields,
                archived=row.archived_at is not None,
                values={field: value for field, value in values.items() if field in fields and value},
            )
        )
    return found


def get_shown(reader: Reader, organization_id: int) -> Shown:
    """The organization as the reader may see it. Raises NotFound where they may not know of it."""
    found = shown(reader, [get_organization(organization_id)])
    if not found:
        raise NotFound
    return found[0]


def _values(row: Organization) -> dict[Field, Any]:
    staffing = (row.volunteers, row.paid_staff)
    values = {field: getattr(row, field.value) for field in PLAIN}
    return values | {Field.STAFFING: None if staffing == (None, None) else staffing}


def consents_in_force(organization_ids: Iterable[int]) -> dict[int, dict[Field, Level]]:
    """What each of these organizations agrees to show, and how far: one query, also where a page asks again."""
    ids = frozenset(organization_ids)
    return once(("consents", ids), lambda: _consents_in_force(ids))


def _consents_in_force(organization_ids: Collection[int]) -> dict[int, dict[Field, Level]]:
    found: dict[int, dict[Field, Level]] = {organization_id: {} for organization_id in organization_ids}
    rows = select(PublicationConsent.organization_id, PublicationConsent.field, PublicationConsent.level).where(
        PublicationConsent.organization_id.in_(found), PublicationConsent.withdrawn_at.is_(None)
    )
    for organization_id, field, level in session().execute(rows):
        found[organization_id][Field(field)] = Level(level)
    return found


def consents_of(organization_id: int) -> list[PublicationConsent]:
    """All consents of an organization, withdrawn ones too, newest first."""
    found = select(PublicationConsent).where(PublicationConsent.organization_id == organization_id)
    return list(session().scalars(found.order_by(PublicationConsent.id.desc())))


def _umbrellas_shown(reader: Reader, organization_ids: Collection[int]) -> Mapping[int, list[tuple[int, str]]]:
    """Id and name of the umbrella bodies to which each belongs today, as far as the reader may know of them."""
    umbrella = aliased(Organization)
    found = (
        select(UmbrellaMembership.organization_id, umbrella.id, umbrella.name)
        .join(umbrella, umbrella.id == UmbrellaMembership.umbrella_id)
        .where(UmbrellaMembership.organization_id.in_(organization_ids), _may_be_seen(reader, umbrella))
        .where(_holds_today())
        .order_by(umbrella.name, umbrella.id)
    )
    bodies: dict[int, list[tuple[int, str]]] = {}
    for organization_id, umbrella_id, name in session().execute(found):
        if (umbrella_id, name) not in bodies.setdefault(organization_id, []):
            bodies[organization_id].append((umbrella_id, name))
    return bodies


def _holds_today() -> ColumnElement[bool]:
    """The condition that a membership in an umbrella body holds today."""
    day = today()
    return and_(
        or_(UmbrellaMembership.starts_on.is_(None), UmbrellaMembership.starts_on <= day),
        or_(UmbrellaMembership.ends_on.is_(None), UmbrellaMembership.ends_on >= day),
    )


def umbrella_memberships_of(organization_id: int) -> list[UmbrellaMembership]:
    """In which umbrella bodies the organization is and was, newest first."""
    found = select(UmbrellaMembership).options(joinedload(UmbrellaMembership.umbrella))
    found = found.where(UmbrellaMembership.organization_id == organization_id)
    return list(session().scalars(found.order_by(UmbrellaMembership.starts_on.desc(), UmbrellaMembership.id.desc())))


def get_umbrella_membership(organization_id: int, umbrella_membership_id: int) -> UmbrellaMembership:
    """This membership of this organization. Raises NotFound, also where it is another's."""
    row = get_row(UmbrellaMembership, umbrella_membership_id)
    if row.organization_id != organization_id:
        raise NotFound
    return row


def list_umbrellas(besides: int) -> list[tuple[int, str]]:
    """Id and name of the active umbrella bodies but this organization, by name, for a form."""
    found = select(Organization.id, Organization.name).where(
        holds(Organization.kinds, MoKind.UMBRELLA), Organization.archived_at.is_(None), Organization.id != besides
    )
    return [(row.id, row.name) for row in session().execute(found.order_by(Organization.name, Organization.id))]


def phases_of(organization_id: int) -> list[NetworkPhase]:
    """The phases through which a network has gone, newest first."""
    found = select(NetworkPhase).where(NetworkPhase.organization_id == organization_id)
    return list(session().scalars(found.order_by(NetworkPhase.since.desc())))


def phases_on(organization_ids: Collection[int]) -> dict[int, NetworkPhase]:
    """In which phase each of these is today, where one is known: one query."""
    found = select(NetworkPhase).where(
        NetworkPhase.organization_id.in_(organization_ids), NetworkPhase.since <= today()
    )
    return {row.organization_id: row for row in session().scalars(found.order_by(NetworkPhase.since))}


def get_phase(organization_id: int, network_phase_id: int) -> NetworkPhase:
    """This phase of this network. Raises NotFound, also where it is another's."""
    row = get_row(NetworkPhase, network_phase_id)
    if row.organization_id != organization_id:
        raise NotFound
    return row


def integration_department_ids() -> frozenset[int]:
    """The departments that work with migrant organizations first."""
    found = select(Organization.id).where(Organization.integration_department)
    return frozenset(session().scalars(found))


def list_choices(*kinds: Kind) -> list[tuple[int, str]]:
    """Id and name of the active organizations of these kinds (all but committees without any), for a form."""
    found = search()
    if kinds:
        found = found.where(Organization.kind.in_(kinds))
    return [
        (row.id, row.name) for row in session().execute(found.with_only_columns(Organization.id, Organization.name))
    ]
