"""Pages: /kontakte/, the contact log. For those who work with organizations."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.contacts import operations, policies, queries
from coordination.contacts.forms import ContactForm
from coordination.contacts.models import ContactNote
from coordination.contacts.queries import Wanted
from coordination.contacts.rules import CHANNEL_LABELS, Channel
from coordination.organizations import queries as organizations
from coordination.organizations.models import Organization
from coordination.organizations.rules import TOPIC_LABELS, Kind, Topic
from coordination.people import queries as people
from core import reads
from core.access import current_actor, demands, ensure
from core.clock import today
from core.languages import _
from core.web import asked_for, flash_done, number_of, paginate

blueprint = Blueprint("contacts", __name__)


def wanted() -> Wanted:
    """What the address asks for; rubbish narrows nothing."""
    channel, topic = request.args.get("art", ""), request.args.get("thema", "")
    return Wanted(
        text=asked_for(),
        channel=Channel(channel) if channel in set(Channel) else None,
        topic=Topic(topic) if topic in set(Topic) else None,
        organization_id=number_of(request.args.get("organisation")),
        department_id=number_of(request.args.get("amt")),
    )


@blueprint.get("/")
@demands("contacts.edit")
def index() -> str:
    """The log, newest first."""
    asked = wanted()
    page = paginate(queries.search(asked))
    reads.note(current_actor(), "read.contacts", ContactNote)
    return render_template(
        "coordination/contacts/index.html",
        page=page,
        wanted=asked,
        silent=queries.count_silent(),
        channels=CHANNEL_LABELS,
        topics=TOPIC_LABELS,
        organizations=queries.list_spoken_with(),
        departments=organizations.list_choices(Kind.DEPARTMENT),
        may_change=policies.may_change,
    )


@blueprint.get("/ohne-kontakt")
@demands("contacts.edit")
def silent() -> str:
    """The migrant organizations with whom nobody was in contact for six months."""
    page = paginate(queries.silent())
    return render_template(
        "coordination/contacts/silent.html",
        page=page,
        last=queries.last_contacts([row.id for row in page.rows]),
    )


@blueprint.get("/neu")
@demands("contacts.edit")
def choose() -> str | Response:
    """With which organization: found by name, then on to the form."""
    return render_template(
        "coordination/contacts/choose.html", page=paginate(organizations.search(asked_for())), q=asked_for()
    )


@blueprint.route("/neu/<int:organization_id>", methods=["GET", "POST"])
@demands("contacts.edit")
def create(organization_id: int) -> str | Response:
    """Note a contact with this organization."""
    organization, actor = organizations.get_organization(organization_id), current_actor()
    own = min(actor.organizations_as("officer"), default=None)
    form = ContactForm(data={"happened_on": today(), "department_id": own})
    _offer(form, organization)
    if form.try_to(lambda: operations.note_contact(actor, organization_id, form.contact())):
        flash_done(_("The contact with “%(name)s” was noted.", name=organization.name))
        return redirect(url_for("organizations.show", organization_id=organization_id))
    return render_template("coordination/contacts/edit.html", form=form, organization=organization, note=None)


@blueprint.route("/<int:contact_note_id>/bearbeiten", methods=["GET", "POST"])
@demands("contacts.edit")
def edit(contact_note_id: int) -> str | Response:
    """Correct a note."""
    note = _changeable(contact_note_id)
    organization, form = note.organization, _form_of(note)

    def save() -> None:
        operations.edit_note(current_actor(), contact_note_id, version=form.version.data, contact=form.contact())

    if form.try_to(save, lambda: _form_of(queries.get_note(contact_note_id), formdata=None)):
        flash_done(_("The contact with “%(name)s” was saved.", name=organization.name))
        return redirect(url_for(".index"))
    return render_template("coordination/contacts/edit.html", form=form, organization=organization, note=note)


@blueprint.post("/<int:contact_note_id>/loeschen")
@demands("contacts.edit")
def remove(contact_note_id: int) -> Response:
    """Take back a note that was entered by mistake."""
    _changeable(contact_note_id)
    operations.remove_note(current_actor(), contact_note_id)
    flash_done(_("The note was removed."))
    return redirect(url_for(".index"))


def _changeable(contact_note_id: int) -> ContactNote:
    note = queries.get_note(contact_note_id)
    ensure(policies.may_change(current_actor(), note))
    return note


def _form_of(note: ContactNote, **options: None) -> ContactForm:
    form = ContactForm(obj=note, **options)
    _offer(form, note.organization, note)
    return form


def _offer(form: ContactForm, organization: Organization, note: ContactNote | None = None) -> None:
    """The departments, and the members of today with the person of the note."""
    persons = {row.person_id: row.person.name for row in people.members_of(organization.id, today())}
    if note is not None and note.person is not None:
        persons[note.person.id] = note.person.name
    departments = dict(organizations.list_choices(Kind.DEPARTMENT))
    if note is not None and note.department is not None:
        departments[note.department.id] = note.department.name
    form.offer(departments.items(), persons.items())
