"""Pages: /organisationen/doppelt and …/zusammenfuehren, for those who keep the profiles."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations import queries
from coordination.organizations.duplicates import likely_duplicates, same_as
from coordination.organizations.merging import merge_organizations
from coordination.organizations.models import Organization
from coordination.organizations.operations import profile_of
from coordination.organizations.policies import keeps_profiles
from coordination.organizations.publication import FIELD_LABELS, LEVEL_LABELS, Field, Level
from coordination.organizations.rules import KIND_LABELS
from coordination.organizations.words import say
from core.access import current_actor, demands, ensure
from core.database import get_row
from core.errors import Refused
from core.languages import _
from core.merging import hanging_on, say_hanging, state_of
from core.web import asked_for, flash_done, paginate, paginate_list

blueprint = Blueprint("merging", __name__)


@blueprint.get("/doppelt")
@demands("organizations.edit")
def index() -> str:
    """Entries that may mean the same organization."""
    ensure(keeps_profiles(current_actor()))
    page = paginate_list(likely_duplicates())
    return render_template("coordination/organizations/duplicates.html", page=page, labels=KIND_LABELS)


@blueprint.get("/<int:organization_id>/zusammenfuehren")
@demands("organizations.edit")
def choose(organization_id: int) -> str:
    """Which other entry means this organization, too."""
    organization = _kept(organization_id)
    return render_template(
        "coordination/organizations/merge_choose.html",
        kept=organization,
        likely=same_as(organization),
        page=paginate(queries.search(asked_for(), organization.kind)) if asked_for() else None,
        q=asked_for(),
    )


@blueprint.get("/<int:organization_id>/zusammenfuehren/<int:other_id>")
@demands("organizations.edit")
def compare(organization_id: int, other_id: int) -> str:
    """Both side by side, before anything happens."""
    both = [_kept(organization_id), _kept(other_id)]
    hanging = hanging_on(Organization, organization_id, other_id)
    return render_template(
        "coordination/organizations/merge.html",
        both=both,
        told=[(label, values) for label, values in _profiles(both) if any(values)],
        hanging=say_hanging(hanging, organization_id, other_id),
        state=state_of(Organization, hanging),
    )


@blueprint.post("/<int:organization_id>/zusammenfuehren/<int:other_id>")
@demands("organizations.edit")
def merge(organization_id: int, other_id: int) -> Response:
    """Make one of them."""
    ensure(keeps_profiles(current_actor()))
    kept, other = queries.get_organization(organization_id), get_row(Organization, other_id)
    try:
        merge_organizations(
            current_actor(), organization_id, other_id, state=request.form.get("state", "").replace("\0", "")
        )
    except Refused as refused:
        flash(refused.message, "danger")
        return redirect(url_for(".compare", organization_id=organization_id, other_id=other_id))
    flash_done(_("“%(other)s” is now one with “%(name)s”.", other=other.name, name=kept.name))
    return redirect(url_for("organizations.show", organization_id=organization_id))


def _kept(organization_id: int) -> Organization:
    ensure(keeps_profiles(current_actor()))
    return queries.get_organization(organization_id)


def _profiles(both: list[Organization]) -> list[tuple[str, list[str]]]:
    """What both say of themselves, field by field, and what they agree to show."""
    consents = queries.consents_in_force([row.id for row in both])
    profiles = [profile_of(row) for row in both]
    lines = [(_("Name"), [row.name for row in both]), (_("Short name"), [row.short_name for row in both])]
    for field, label in FIELD_LABELS.items():
        if hasattr(profiles[0], field.value) and field is not Field.NAME:
            values = [say(field, getattr(profile, field.value)) or "" for profile in profiles]
            lines.append((str(label), values))
    for level in Level:
        shown = [
            ", ".join(str(FIELD_LABELS[field]) for field, agreed in consents[row.id].items() if agreed == level)
            for row in both
        ]
        lines.append((_("Agreed to show: %(level)s", level=LEVEL_LABELS[level]), shown))
    return lines
