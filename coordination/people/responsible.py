"""Pages: /zustaendig/, who is responsible for what in the administration. For everybody, but names are not."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations import queries as organizations
from coordination.organizations.policies import reader_of
from coordination.organizations.rules import TOPIC_LABELS, Kind, Topic
from coordination.people import operations, queries
from coordination.people.forms import TopicsForm
from coordination.people.models import Membership
from coordination.people.policies import may_hide_name, may_publish_name, may_read_name, may_set_topics
from core.access import current_actor, demands, ensure, public
from core.clock import today
from core.languages import _
from core.web import flash_done, said_yes

blueprint = Blueprint("responsible", __name__)


@blueprint.get("/")
@public
def index() -> str:
    """Each topic with the contacts of the departments; a topic without any says so."""
    asked = request.args.get("thema", "")
    chosen = Topic(asked) if asked in set(Topic) else None
    contacts = queries.contacts(today(), kind=Kind.DEPARTMENT)
    found, first = queries.by_topic(contacts), organizations.find_integration_department()
    offices = {row.organization_id: row.organization for row in contacts} | ({first.id: first} if first else {})
    return render_template(
        "coordination/people/responsible.html",
        found={chosen: found[chosen]} if chosen else found,
        labels=TOPIC_LABELS,
        chosen=chosen,
        named={row.id for row in contacts if may_read_name(current_actor(), row)},
        own=[row for row in contacts if may_publish_name(current_actor(), row)],
        first=first,
        offices={one.id: one for one in organizations.shown(reader_of(current_actor()), offices.values())},
    )


@blueprint.route("/<int:membership_id>", methods=["GET", "POST"])
@demands("signed-in")
def edit(membership_id: int) -> str | Response:
    """Say for which topics a member is the contact."""
    membership = queries.find_membership(membership_id)
    ensure(may_set_topics(current_actor(), membership))
    form = _form_of(membership)

    def save() -> None:
        operations.set_topics(
            current_actor(),
            membership_id,
            version=form.version.data,
            function=form.function.data or "",
            topics=form.topics.data or (),
        )

    if form.try_to(save, lambda: _form_of(queries.find_membership(membership_id), formdata=None)):
        flash_done(_("The topics of %(name)s were saved.", name=membership.person.name))
        return redirect(url_for("organizations.show", organization_id=membership.organization_id))
    return render_template(
        "coordination/people/topics.html", form=form, membership=membership, may_hide_name=may_hide_name
    )


@blueprint.post("/<int:membership_id>/name")
@demands("signed-in")
def name(membership_id: int) -> Response:
    """Let everybody read one's name, or take that back."""
    membership, publish = queries.find_membership(membership_id), said_yes("wants")
    ensure((may_publish_name if publish else may_hide_name)(current_actor(), membership))
    operations.publish_name(current_actor(), membership_id, publish=publish)
    if publish:
        flash_done(_("Everybody can read the name on this page now."))
    else:
        flash_done(_("The name is no longer shown in public."))
    return redirect(url_for(".index"))


def _form_of(membership: Membership, **options: None) -> TopicsForm:
    return TopicsForm(obj=membership, **options)
