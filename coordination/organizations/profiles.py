"""Pages: /organisationen/<id>/profil and what is dated in it. For its own people and who keeps the profiles."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from coordination.organizations import landscape, operations, policies, queries
from coordination.organizations.forms import PhaseForm, ProfileForm, UmbrellaForm
from coordination.organizations.models import Organization
from coordination.organizations.rules import CRITERION_LABELS, PHASE_LABELS
from core.access import current_actor, demands, ensure
from core.languages import _
from core.web import flash_done

blueprint = Blueprint("organization_profiles", __name__)


@blueprint.route("/<int:organization_id>/profil", methods=["GET", "POST"])
@demands("organizations.profile")
def edit(organization_id: int) -> str | Response:
    """Change what the organization says of itself."""
    organization = _kept(organization_id)
    form = ProfileForm.of(organization)

    def save() -> None:
        operations.edit_organization(
            current_actor(), organization_id, version=form.version.data, profile=form.profile(_kept(organization_id))
        )

    if form.try_to(save, lambda: ProfileForm.of(_kept(organization_id), formdata=None)):
        flash_done(_("The profile was saved. Others see of it only what was agreed to."))
        return _to("organizations.show", organization_id)
    return render_template("coordination/organizations/profile.html", form=form, organization=organization)


@blueprint.route("/<int:organization_id>/dachverbaende", methods=["GET", "POST"])
@demands("organizations.profile")
def umbrellas(organization_id: int) -> str | Response:
    """The umbrella bodies to which it belongs and belonged, and a form for one more."""
    organization = _kept(organization_id)
    form = UmbrellaForm()
    form.offer(queries.list_umbrellas(organization_id))
    if form.try_to(lambda: landscape.join_umbrella(current_actor(), organization_id, belonging=form.belonging())):
        flash_done(_("The umbrella body was added."))
        return _to(".umbrellas", organization_id)
    return render_template(
        "coordination/organizations/umbrellas.html",
        form=form,
        organization=organization,
        memberships=queries.umbrella_memberships_of(organization_id),
    )


@blueprint.route("/<int:organization_id>/dachverbaende/<int:umbrella_membership_id>", methods=["GET", "POST"])
@demands("organizations.profile")
def edit_umbrella(organization_id: int, umbrella_membership_id: int) -> str | Response:
    """Correct a membership, or say when it ended."""
    organization = _kept(organization_id)

    def form_on(**options: None) -> UmbrellaForm:
        row = queries.get_umbrella_membership(organization_id, umbrella_membership_id)
        made = UmbrellaForm(obj=row, **options)
        made.offer({row.umbrella_id: row.umbrella.name, **dict(queries.list_umbrellas(organization_id))}.items())
        return made

    form = form_on()

    def save() -> None:
        landscape.edit_umbrella(
            current_actor(), umbrella_membership_id, version=form.version.data, belonging=form.belonging()
        )

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("The umbrella body was saved."))
        return _to(".umbrellas", organization_id)
    return render_template(
        "coordination/organizations/dated.html",
        form=form,
        organization=organization,
        title=_("Change the umbrella body"),
        back=url_for(".umbrellas", organization_id=organization_id),
        remove=url_for(
            ".remove_umbrella", organization_id=organization_id, umbrella_membership_id=umbrella_membership_id
        ),
    )


@blueprint.post("/<int:organization_id>/dachverbaende/<int:umbrella_membership_id>/loeschen")
@demands("organizations.profile")
def remove_umbrella(organization_id: int, umbrella_membership_id: int) -> Response:
    """Take back what was entered by mistake."""
    _kept(organization_id)
    queries.get_umbrella_membership(organization_id, umbrella_membership_id)
    landscape.remove_umbrella(current_actor(), umbrella_membership_id)
    flash_done(_("The umbrella body was removed."))
    return _to(".umbrellas", organization_id)


@blueprint.route("/<int:organization_id>/netzwerk", methods=["GET", "POST"])
@demands("organizations.profile")
def phases(organization_id: int) -> str | Response:
    """The phases through which a network has gone, and a form for the next."""
    organization, form = _kept(organization_id), PhaseForm()
    if form.try_to(lambda: landscape.enter_phase(current_actor(), organization_id, stage=form.stage())):
        flash_done(_("The phase was saved."))
        return _to(".phases", organization_id)
    return render_template(
        "coordination/organizations/phases.html",
        form=form,
        organization=organization,
        phases=queries.phases_of(organization_id),
        labels=PHASE_LABELS,
        criteria=CRITERION_LABELS,
    )


@blueprint.route("/<int:organization_id>/netzwerk/<int:network_phase_id>", methods=["GET", "POST"])
@demands("organizations.profile")
def edit_phase(organization_id: int, network_phase_id: int) -> str | Response:
    """Correct a phase."""
    organization = _kept(organization_id)
    form = PhaseForm(obj=queries.get_phase(organization_id, network_phase_id))

    def save() -> None:
        landscape.edit_phase(current_actor(), network_phase_id, version=form.version.data, stage=form.stage())

    if form.try_to(save, lambda: PhaseForm(formdata=None, obj=queries.get_phase(organization_id, network_phase_id))):
        flash_done(_("The phase was saved."))
        return _to(".phases", organization_id)
    return render_template(
        "coordination/organizations/dated.html",
        form=form,
        organization=organization,
        title=_("Change the phase"),
        back=url_for(".phases", organization_id=organization_id),
        remove=url_for(".remove_phase", organization_id=organization_id, network_phase_id=network_phase_id),
    )


@blueprint.post("/<int:organization_id>/netzwerk/<int:network_phase_id>/loeschen")
@demands("organizations.profile")
def remove_phase(organization_id: int, network_phase_id: int) -> Response:
    """Take back what was entered by mistake."""
    _kept(organization_id)
    queries.get_phase(organization_id, network_phase_id)
    landscape.remove_phase(current_actor(), network_phase_id)
    flash_done(_("The phase was removed."))
    return _to(".phases", organization_id)


def _kept(organization_id: int) -> Organization:
    """The organization, if the actor may change its profile."""
    organization = queries.get_organization(organization_id)
    ensure(policies.may_keep(current_actor(), organization_id))
    return organization


def _to(endpoint: str, organization_id: int) -> Response:
    return redirect(url_for(endpoint, organization_id=organization_id))
