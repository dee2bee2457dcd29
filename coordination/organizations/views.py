"""Pages: /organisationen/, the directory. Everybody sees what is theirs to see; nothing of the rest is in a page."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations import operations, policies, queries
from coordination.organizations.forms import OrganizationForm
from coordination.organizations.languages import LANGUAGE_LABELS, by_name
from coordination.organizations.models import Organization
from coordination.organizations.publication import FIELD_LABELS, Field
from coordination.organizations.queries import Wanted
from coordination.organizations.rules import KIND_LABELS, MO_KIND_LABELS, TOPIC_LABELS, Kind, MoKind, Topic
from coordination.organizations.words import say
from core.access import current_actor, demands, ensure, public
from core.languages import _
from core.merging import find_merged_into
from core.web import asked_for, flash_done, limiter, number_of, paginate

blueprint = Blueprint("organizations", __name__)
#: for those who are not signed in: reading on is possible, copying the whole directory takes its time
by_network = limiter.shared_limit(
    "60 per minute; 600 per hour", scope="directory", exempt_when=lambda: current_actor().signed_in
)


@blueprint.after_request
def not_archived(response: Response) -> Response:
    """What is withdrawn tomorrow is to be gone then: search engines keep no copy of their own."""
    response.headers.setdefault("X-Robots-Tag", "noarchive")
    return response


def wanted() -> Wanted:
    """What the address asks for; rubbish narrows nothing."""
    kind, mo_kind = request.args.get("art", ""), request.args.get("form", "")
    topic, language = request.args.get("thema", ""), request.args.get("sprache", "")
    return Wanted(
        text=asked_for(),
        kind=Kind(kind) if kind in set(Kind) else None,
        mo_kind=MoKind(mo_kind) if mo_kind in set(MoKind) else None,
        topic=Topic(topic) if topic in set(Topic) else None,
        language=language if language in LANGUAGE_LABELS else "",
        umbrella_id=number_of(request.args.get("dachverband")),
        archived=request.args.get("archiv") == "1" and current_actor().may("organizations.edit"),
    )


@blueprint.get("/")
@public
@by_network
def index() -> str:
    """The searchable list of the organizations that whoever is asking may know of."""
    reader, asked = policies.reader_of(current_actor()), wanted()
    page = paginate(queries.listed(reader, asked))
    return render_template(
        "coordination/organizations/index.html",
        page=page,
        organizations=queries.shown(reader, page.rows),
        wanted=asked,
        keeps_profiles=policies.keeps_profiles(current_actor()),
        labels=KIND_LABELS,
        mo_kinds=MO_KIND_LABELS,
        topics=TOPIC_LABELS,
        languages=by_name(),
        say=say,
    )


@blueprint.route("/neu", methods=["GET", "POST"])
@demands("organizations.edit")
def create() -> str | Response:
    """Enter an organization."""
    form = OrganizationForm()
    if form.try_to(lambda: operations.create_organization(current_actor(), form.profile())):
        flash_done(_("“%(name)s” was entered.", name=form.name.data))
        return redirect(url_for(".index"))
    return render_template("coordination/organizations/edit.html", form=form, organization=None)


@blueprint.get("/<int:organization_id>")
@public
@by_network
def show(organization_id: int) -> str | Response:
    """One organization, with what the rooms above know of it; of one that was merged, what it is now."""
    if (now_at := find_merged_into(Organization, organization_id)) is not None:
        queries.get_shown(policies.reader_of(current_actor()), now_at)
        return redirect(url_for(".show", organization_id=now_at))
    actor, organization = current_actor(), queries.get_organization(organization_id)
    shown = queries.get_shown(policies.reader_of(actor), organization_id)
    above = {Field.NAME, Field.OWN_LABEL}  # stand in the head of the page
    return render_template(
        "coordination/organizations/show.html",
        organization=organization,
        shown=shown,
        labels=KIND_LABELS,
        fields={field: label for field, label in FIELD_LABELS.items() if field not in above},
        say=say,
        may_keep=policies.may_keep(actor, organization_id),
        needs_consent=policies.needs_consent(organization),
        keeps_profiles=policies.keeps_profiles(actor),
        is_umbrella=MoKind.UMBRELLA in (shown["kinds"] or ()),
    )


@blueprint.route("/<int:organization_id>/bearbeiten", methods=["GET", "POST"])
@demands("organizations.edit")
def edit(organization_id: int) -> str | Response:
    """Change who it is."""
    organization = _kept(organization_id)
    form = OrganizationForm(obj=organization)

    def save() -> None:
        operations.edit_organization(
            current_actor(), organization_id, version=form.version.data, profile=form.profile(_kept(organization_id))
        )

    if form.try_to(save, lambda: OrganizationForm(formdata=None, obj=_kept(organization_id))):
        flash_done(_("“%(name)s” was saved.", name=form.name.data))
        return redirect(url_for(".show", organization_id=organization_id))
    return render_template("coordination/organizations/edit.html", form=form, organization=organization)


@blueprint.post("/<int:organization_id>/archiv")
@demands("organizations.edit")
def archive(organization_id: int) -> Response:
    """Put the organization into the archive, or take it back."""
    _kept(organization_id)
    if request.form.get("restore") == "1":
        organization = operations.restore_organization(current_actor(), organization_id)
        flash_done(_("“%(name)s” is active again.", name=organization.name))
    else:
        organization = operations.archive_organization(current_actor(), organization_id)
        flash_done(_("“%(name)s” is in the archive now.", name=organization.name))
    return redirect(url_for(".show", organization_id=organization_id))


def _kept(organization_id: int) -> Organization:
    ensure(policies.keeps_profiles(current_actor()))
    return queries.get_organization(organization_id)
