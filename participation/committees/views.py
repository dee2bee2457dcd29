"""Pages: /gremien/ and the overview of each committee."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.cooperation.rules import FIGURE_LABELS
from core.access import current_actor, demands, ensure, public
from core.languages import _
from core.web import asked_for, flash_done
from participation.committees import access, operations, policies, queries
from participation.committees.forms import CommitteeForm
from participation.committees.models import Committee
from participation.committees.rules import KIND_LABELS, QUORUM_LABELS

blueprint = Blueprint("committees", __name__)


@blueprint.get("/")
@public
def index() -> str:
    """All committees that whoever is asking may see."""
    actor = current_actor()
    archived = request.args.get("archiv") == "1"
    return render_template(
        "participation/committees/index.html",
        committees=queries.list_visible(access.inside(actor), archived=archived, text=asked_for()),
        q=asked_for(),
        archived=archived,
        labels=KIND_LABELS,
        may_create=actor.may("committees.create"),
    )


@blueprint.get("/<string:slug>/")
@public
def show(slug: str) -> str:
    """The overview of one committee, with what the rooms above know of it."""
    actor, committee = current_actor(), access.get_visible(slug)
    return render_template(
        "participation/committees/show.html",
        committee=committee,
        labels=KIND_LABELS,
        quorum_labels=QUORUM_LABELS,
        figure_labels=FIGURE_LABELS,
        may_edit=policies.may_edit(actor, committee),
        may_archive=policies.may_archive(actor),
    )


@blueprint.route("/neu", methods=["GET", "POST"])
@demands("committees.create")
def create() -> str | Response:
    """Found a committee."""
    form = CommitteeForm(data={"public": True})
    if form.try_to(lambda: operations.create_committee(current_actor(), form.charter())):
        flash_done(_("“%(name)s” was entered.", name=form.name.data))
        return redirect(url_for(".index"))
    return render_template("participation/committees/edit.html", form=form, committee=None)


@blueprint.route("/<string:slug>/bearbeiten", methods=["GET", "POST"])
@demands("committees.edit")
def edit(slug: str) -> str | Response:
    """Change the charter."""
    actor, committee = current_actor(), access.get_visible(slug)
    ensure(policies.may_edit(actor, committee))
    form = _form_on(committee)

    def save() -> None:
        operations.edit_committee(actor, committee.id, version=form.version.data, charter=form.charter())

    if form.try_to(save, lambda: _form_on(access.get_visible(slug), formdata=None)):
        flash_done(_("“%(name)s” was saved.", name=form.name.data))
        return redirect(url_for(".show", slug=slug))
    return render_template("participation/committees/edit.html", form=form, committee=committee)


def _form_on(committee: Committee, **kwargs: Any) -> CommitteeForm:
    return CommitteeForm(obj=operations.charter_of(committee), data={"version": committee.version}, **kwargs)


@blueprint.post("/<string:slug>/archiv")
@demands("committees.create")
def archive(slug: str) -> Response:
    """Put the committee into the archive, or take it back."""
    committee = access.get_visible(slug)
    if request.form.get("restore") == "1":
        committee = operations.restore_committee(current_actor(), committee.id)
        flash_done(_("“%(name)s” is active again.", name=committee.name))
    else:
        committee = operations.archive_committee(current_actor(), committee.id)
        flash_done(_("“%(name)s” is in the archive now.", name=committee.name))
    return redirect(url_for(".show", slug=slug))
