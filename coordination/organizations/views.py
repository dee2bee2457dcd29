"""Pages: /organisationen/."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations import operations, queries
from coordination.organizations.forms import OrganizationForm
from coordination.organizations.rules import KIND_LABELS, Kind
from core.access import current_actor, demands
from core.languages import _
from core.web import asked_for, flash_done, paginate

blueprint = Blueprint("organizations", __name__)


@blueprint.get("/")
@demands("organizations.read")
def index() -> str:
    """The searchable list."""
    kind = request.args.get("art", "")
    chosen = Kind(kind) if kind in set(Kind) else None
    archived = request.args.get("archiv") == "1"
    page = paginate(queries.search(asked_for(), chosen, archived=archived))
    return render_template(
        "coordination/organizations/index.html",
        page=page,
        labels=KIND_LABELS,
        archived=archived,
        q=asked_for(),
        kind=chosen,
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
@demands("organizations.read")
def show(organization_id: int) -> str:
    """One organization, with what the rooms above know of it."""
    organization = queries.get_organization(organization_id)
    return render_template("coordination/organizations/show.html", organization=organization, labels=KIND_LABELS)


@blueprint.route("/<int:organization_id>/bearbeiten", methods=["GET", "POST"])
@demands("organizations.edit")
def edit(organization_id: int) -> str | Response:
    """Change the profile."""
    organization = queries.get_organization(organization_id)
    form = OrganizationForm(obj=organization)

    def save() -> None:
        operations.edit_organization(
            current_actor(), organization_id, version=form.version.data, profile=form.profile()
        )

    if form.try_to(save, lambda: OrganizationForm(formdata=None, obj=queries.get_organization(organization_id))):
        flash_done(_("“%(name)s” was saved.", name=form.name.data))
        return redirect(url_for(".show", organization_id=organization_id))
    return render_template("coordination/organizations/edit.html", form=form, organization=organization)


@blueprint.post("/<int:organization_id>/archiv")
@demands("organizations.edit")
def archive(organization_id: int) -> Response:
    """Put the organization into the archive, or take it back."""
    queries.get_organization(organization_id)
    if request.form.get("restore") == "1":
        organization = operations.restore_organization(current_actor(), organization_id)
        flash_done(_("“%(name)s” is active again.", name=organization.name))
    else:
        organization = operations.archive_organization(current_actor(), organization_id)
        flash_done(_("“%(name)s” is in the archive now.", name=organization.name))
    return redirect(url_for(".show", organization_id=organization_id))
