"""Pages: /personen/doppelt and …/zusammenfuehren, for staff who may edit both; see policies."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.people import queries
from coordination.people.duplicates import likely_duplicates, same_as
from coordination.people.merging import merge_people
from coordination.people.models import Person
from coordination.people.policies import may_change_memberships
from core import reads
from core.access import current_actor, demands, ensure
from core.clock import today
from core.database import get_row
from core.errors import NotFound, Refused
from core.languages import LANGUAGES, _
from core.merging import hanging_on, say_hanging, state_of
from core.web import asked_for, flash_done, paginate, paginate_list

blueprint = Blueprint("people_merging", __name__)


@blueprint.get("/doppelt")
@demands("people.edit")
def index() -> str:
    """Entries that may mean the same person."""
    page = paginate_list(likely_duplicates())
    reads.note(current_actor(), "read.people", Person)
    ids = [each.id for group in page.rows for each in group]
    return render_template(
        "coordination/people/duplicates.html", page=page, belonging=queries.organizations_of(ids, today())
    )


@blueprint.get("/<int:person_id>/zusammenfuehren")
@demands("people.edit")
def choose(person_id: int) -> str:
    """Which other entry means this person, too."""
    person = _mergeable(person_id)
    likely, found = same_as(person), paginate(queries.search(asked_for())) if asked_for() else None
    reads.note(current_actor(), "read.people", Person)
    ids = [each.id for each in [*likely, *(found.rows if found else ())]]
    return render_template(
        "coordination/people/merge_choose.html",
        kept=person,
        likely=likely,
        page=found,
        belonging=queries.organizations_of(ids, today()),
        q=asked_for(),
    )


@blueprint.get("/<int:person_id>/zusammenfuehren/<int:twin_id>")
@demands("people.edit")
def compare(person_id: int, twin_id: int) -> str:
    """Both side by side, before anything happens."""
    both = [_mergeable(person_id), _mergeable(twin_id)]
    for person in both:
        reads.note(current_actor(), "read.person", person)
    hanging = hanging_on(Person, person_id, twin_id)
    return render_template(
        "coordination/people/merge.html",
        both=both,
        told=[(label, values) for label, values in _profiles(both) if any(values)],
        hanging=say_hanging(hanging, person_id, twin_id),
        state=state_of(Person, hanging),
    )


@blueprint.post("/<int:person_id>/zusammenfuehren/<int:twin_id>")
@demands("people.edit")
def merge(person_id: int, twin_id: int) -> Response:
    """Make one of them."""
    kept, other = _mergeable(person_id), get_row(Person, twin_id)
    ensure(may_change_memberships(current_actor(), twin_id))
    name = other.name
    try:
        merge_people(current_actor(), person_id, twin_id, state=request.form.get("state", "").replace("\0", ""))
    except Refused as refused:
        flash(refused.message, "danger")
        return redirect(url_for(".compare", person_id=person_id, twin_id=twin_id))
    flash_done(_("“%(other)s” is now one with “%(name)s”.", other=name, name=kept.name))
    return redirect(url_for("people.show", person_id=person_id))


def _mergeable(person_id: int) -> Person:
    """Who is merged gets memberships, and rights with them: nobody does that to themselves."""
    ensure(may_change_memberships(current_actor(), person_id))
    person = queries.get_person(person_id)
    if person.erased_at is not None:
        raise NotFound
    return person


def _profiles(both: list[Person]) -> list[tuple[str, list[str]]]:
    """What is kept of both, line by line."""
    return [
        (_("Form of address"), [row.form_of_address for row in both]),
        (_("Given name"), [row.given_name for row in both]),
        (_("Family name"), [row.family_name for row in both]),
        (_("E-mail"), [row.email for row in both]),
        (_("Phone"), [row.phone for row in both]),
        (_("Language of mails"), [str(LANGUAGES.get(row.language, row.language)) for row in both]),
        (_("Archived"), [_("yes") if row.archived_at else "" for row in both]),
    ]
