"""Pages: /personen/. For staff alone; see policies."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations import queries as organizations
from coordination.organizations.rules import TOPIC_LABELS
from coordination.people import operations, queries
from coordination.people.forms import EndForm, MembershipForm, PersonForm
from coordination.people.models import Person
from coordination.people.policies import may_change_memberships
from core import reads
from core.access import current_actor, demands, ensure
from core.clock import today
from core.errors import Refused
from core.forms import choices
from core.languages import LANGUAGES, _
from core.merging import find_merged_into
from core.web import asked_for, flash_done, number_of, paginate

blueprint = Blueprint("people", __name__)


@blueprint.get("/")
@demands("people.read")
def index() -> str:
    """The searchable list, of all or of one organization's members today."""
    organization_id = number_of(request.args.get("organisation"))
    organization = organizations.get_organization(organization_id) if organization_id is not None else None
    archived = request.args.get("archiv") == "1"
    reads.note(current_actor(), "read.people", organization or Person)
    page = paginate(queries.search(asked_for(), organization.id if organization else None, archived=archived))
    return render_template(
        "coordination/people/index.html",
        page=page,
        belonging=queries.organizations_of([row.id for row in page.rows], today()),
        organization=organization,
        archived=archived,
        q=asked_for(),
    )


@blueprint.route("/neu", methods=["GET", "POST"])
@demands("people.edit")
def create() -> str | Response:
    """Enter a person."""
    form, made = PersonForm(), []
    if form.try_to(lambda: made.append(operations.create_person(current_actor(), form.profile()))):
        flash_done(_("“%(name)s” was entered.", name=made[0].name))
        return redirect(url_for(".show", person_id=made[0].id))
    return render_template("coordination/people/edit.html", form=form, person=None)


@blueprint.get("/<int:person_id>")
@demands("people.read")
def show(person_id: int) -> str | Response:
    """One person, with memberships and what the rooms above know; of an entry that was merged, what it is now."""
    if (now_at := find_merged_into(Person, person_id)) is not None:
        return redirect(url_for(".show", person_id=now_at))
    person = queries.get_person(person_id)
    reads.note(current_actor(), "read.person", person)
    return render_template(
        "coordination/people/show.html",
        person=person,
        memberships=queries.memberships_of(person_id),
        topics=TOPIC_LABELS,
        may_change=may_change_memberships(current_actor(), person_id),
        languages=LANGUAGES,
        today=today(),
    )


@blueprint.route("/<int:person_id>/bearbeiten", methods=["GET", "POST"])
@demands("people.edit")
def edit(person_id: int) -> str | Response:
    """Change what is kept of the person. An outdated save shows both states; the next is meant."""
    person = queries.get_person(person_id)
    form = PersonForm(obj=person)

    def save() -> None:
        operations.edit_person(current_actor(), person_id, version=form.version.data, profile=form.profile())

    if form.try_to(save, lambda: PersonForm(formdata=None, obj=queries.get_person(person_id))):
        flash_done(_("“%(name)s” was saved.", name=person.name))
        return redirect(url_for(".show", person_id=person_id))
    reads.note(current_actor(), "read.person", person)
    return render_template("coordination/people/edit.html", form=form, person=person)


@blueprint.post("/<int:person_id>/archiv")
@demands("people.edit")
def archive(person_id: int) -> Response:
    """Put the person into the archive, or take them back."""
    ensure(may_change_memberships(current_actor(), person_id))
    try:
        if request.form.get("restore") == "1":
            person = operations.restore_person(current_actor(), person_id)
            flash_done(_("“%(name)s” is active again.", name=person.name))
        else:
            person = operations.archive_person(current_actor(), person_id)
            flash_done(_("“%(name)s” is in the archive now.", name=person.name))
    except Refused as refused:
        flash(refused.message, "danger")
    return redirect(url_for(".show", person_id=person_id))


@blueprint.route("/<int:person_id>/mitgliedschaften/neu", methods=["GET", "POST"])
@demands("people.edit")
def add_membership(person_id: int) -> str | Response:
    """Make the person a member of an organization."""
    person = queries.get_person(person_id)
    ensure(may_change_memberships(current_actor(), person_id))
    form = MembershipForm()
    form.organization_id.choices = choices([("", _("Please choose")), *organizations.list_choices()])

    def save() -> None:
        operations.add_membership(
            current_actor(),
            person_id,
            organization_id=form.organization_id.data,
            function=form.function.data or "",
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            topics=form.topics.data or (),
        )

    if form.try_to(save):
        flash_done(_("The membership was entered."))
        return redirect(url_for(".show", person_id=person_id))
    return render_template("coordination/people/membership.html", form=form, person=person)


@blueprint.route("/<int:person_id>/mitgliedschaften/<int:membership_id>/beenden", methods=["GET", "POST"])
@demands("people.edit")
def end_membership(person_id: int, membership_id: int) -> str | Response:
    """Set the last day of a membership."""
    membership = queries.get_membership(person_id, membership_id)
    ensure(may_change_memberships(current_actor(), person_id))
    form = EndForm(data={"ends_on": membership.ends_on or today()})
    if form.try_to(lambda: operations.end_membership(current_actor(), membership_id, ends_on=form.ends_on.data)):
        flash_done(_("The last day of the membership was saved."))
        return redirect(url_for(".show", person_id=person_id))
    return render_template(
        "coordination/people/end_membership.html",
        form=form,
        membership=membership,
        person=queries.get_person(person_id),
    )
