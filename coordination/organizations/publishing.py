"""Pages: /organisationen/<id>/veroeffentlichung, where an organization says what is shown of it to whom."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations import consents, policies, queries
from coordination.organizations.forms import SHOWN, ConsentForm, PaperForm
from coordination.organizations.models import Organization
from coordination.organizations.publication import (
    CONSENT_TEXTS,
    CONSENT_VERSION,
    FIELD_LABELS,
    LEVEL_LABELS,
    Audience,
    Field,
    Reader,
)
from coordination.organizations.words import say
from core.access import current_actor, demands, ensure
from core.clock import to_local
from core.errors import NotFound
from core.languages import _, _l, _n
from core.web import flash_done

blueprint = Blueprint("organization_publishing", __name__)
#: under which heading each field is asked
GROUPS = (
    (_l("Who we are"), (Field.NAME, Field.OWN_LABEL, Field.KINDS, Field.ABOUT, Field.SERVICES)),
    (_l("What we work on, and for whom"), (Field.TOPICS, Field.TARGET_GROUPS, Field.LANGUAGES)),
    (_l("What we want"), (Field.AIMS, Field.ROLES)),
    (_l("What we work with"), (Field.STAFFING, Field.ROOMS, Field.UMBRELLAS, Field.PHASE)),
    (_l("How to reach us"), (Field.ADDRESS, Field.EMAIL, Field.PHONE, Field.WEBSITE)),
)


@blueprint.route("/<int:organization_id>/veroeffentlichung", methods=["GET", "POST"])
@demands("organizations.profile")
def edit(organization_id: int) -> str | Response:
    """What is shown to whom, one click to take it back, and the form of who may agree."""
    organization, actor = _published(organization_id), current_actor()
    form: ConsentForm | PaperForm | None = None
    if policies.may_consent(actor, organization):
        form = _consent_form(organization_id)
        done = form.try_to(lambda: _save(organization_id, form), lambda: _consent_form(organization_id, formdata=None))
    elif policies.may_note_paper(actor, organization):
        form = PaperForm.of(queries.consents_in_force([organization_id])[organization_id], 0)
        done = form.try_to(lambda: _save(organization_id, form))
    else:
        ensure(request.method == "GET")
        done = False
    if done:
        flash_done(_("What is shown of the organization was saved."))
        return redirect(url_for(".edit", organization_id=organization_id))
    return render_template("coordination/organizations/publication.html", **_context(organization), form=form)


@blueprint.post("/<int:organization_id>/veroeffentlichung/zurueckziehen")
@demands("organizations.profile")
def withdraw(organization_id: int) -> Response:
    """Show a field to nobody any more, or all of them."""
    _published(organization_id)
    word = request.form.get("field", "")
    if word not in {*Field, "all"}:
        raise NotFound
    number = consents.withdraw(
        current_actor(), organization_id, fields=None if word == "all" else frozenset({Field(word)})
    )
    flash_done(_n("%(num)d field is not shown any more.", "%(num)d fields are not shown any more.", number))
    return redirect(url_for(".edit", organization_id=organization_id))


def _consent_form(organization_id: int, **options: None) -> ConsentForm:
    levels = queries.consents_in_force([organization_id])[organization_id]
    return ConsentForm.of(levels, consents.state_of(organization_id), **options)


def _save(organization_id: int, form: ConsentForm | PaperForm | None) -> None:
    actor = current_actor()
    if isinstance(form, ConsentForm):
        consents.set_consents(
            actor, organization_id, wished=form.wished(), state=form.version.data, agreed=form.agreed.data
        )
    elif form is not None:
        wished = {field: level for field, level in form.wished().items() if level}
        consents.note_paper(actor, organization_id, wished=wished, given_on=form.given_on.data)


def _context(organization: Organization) -> dict[str, Any]:
    """What the page shows beside its form."""
    rows = queries.consents_of(organization.id)
    preview = queries.get_shown(Reader(Audience.OWN), organization.id)
    return {
        "organization": organization,
        "in_force": {row.field: row for row in rows if row.withdrawn_at is None},
        "withdrawn": [row for row in rows if row.withdrawn_at is not None],
        "values": {field: say(field, preview[field] or None) for field in Field} | {Field.NAME: organization.name},
        "fields": FIELD_LABELS,
        "levels": LEVEL_LABELS,
        "names": SHOWN,
        "groups": GROUPS,
        "consent_text": CONSENT_TEXTS[CONSENT_VERSION],
        "consent_version": CONSENT_VERSION,
        "to_local": to_local,
    }


def _published(organization_id: int) -> Organization:
    """The organization, if what is shown of it is a question, and the actor's to look at."""
    organization = queries.get_organization(organization_id)
    ensure(policies.may_withdraw(current_actor(), organization))
    return organization
