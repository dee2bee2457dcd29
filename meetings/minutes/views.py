"""Pages: /sitzungen/<id>/niederschrift…"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.access import current_actor, demands, ensure, public
from core.clock import local_now, say_moment
from core.errors import NotFound, Refused
from core.forms import Form
from core.languages import _, _n, say_time
from core.web import flash_done, paginate
from meetings.agenda.queries import get_item
from meetings.attendance.queries import sheet_of
from meetings.minutes import documents, forms, niederschrift, operations, policies, queries
from meetings.minutes.content import PART_LABELS
from meetings.minutes.forms import HeadForm, ReleaseForm, TextField
from meetings.minutes.models import MinutesRelease
from meetings.minutes.niederschrift import Niederschrift
from meetings.minutes.operations import Draft
from meetings.minutes.rules import Sight, text_html
from meetings.sittings.models import Sitting
from meetings.sittings.policies import get_visible
from meetings.sittings.queries import get_sitting
from meetings.sittings.rules import MODE_LABELS

blueprint = Blueprint("minutes", __name__)
BASE = "/sitzungen/<int:sitting_id>/niederschrift"
#: what templates need to say what minutes hold
_WORDS = {"modes": MODE_LABELS, "parts": PART_LABELS, "text_html": text_html, "when": say_moment}


@blueprint.get(BASE)
@public
def show(sitting_id: int) -> str:
    """The minutes as far as the reader may see them; `?teil=oeffentlich` shows the public part to everybody."""
    sitting, sight = _readable(sitting_id)
    public_part = _is_shown_in_public(sitting)
    full = sight is Sight.FULL and (request.args.get("teil") != "oeffentlich" or not public_part)
    return render_template(
        "meetings/minutes/show.html",
        sitting=sitting,
        found=_found(sitting, full=full),
        may_read_full=sight is Sight.FULL,
        public_part=public_part,
        may_edit=policies.may_edit(current_actor(), sitting),
        **_WORDS,
    )


@blueprint.get(BASE + ".pdf")
@demands("signed-in")
def document(sitting_id: int) -> Response:
    """The whole Niederschrift."""
    sitting, sight = _readable(sitting_id)
    ensure(sight is Sight.FULL)
    return documents.niederschrift_pdf(_found(sitting, full=True))


@blueprint.get(BASE + "-oeffentlich.pdf")
@public
def public_document(sitting_id: int) -> Response:
    """The public part, under an address of its own, so that no cache can mix it up with the whole."""
    sitting, _sight = _readable(sitting_id)
    ensure(_is_shown_in_public(sitting))
    return documents.niederschrift_pdf(_found(sitting, full=False))


@blueprint.get(BASE + "/fassungen")
@demands("signed-in")
def versions(sitting_id: int) -> str:
    """All versions that were released: the inner circle reads the earlier ones as well."""
    sitting, releases = _released(sitting_id)
    return render_template(
        "meetings/minutes/versions.html",
        sitting=sitting,
        found=[niederschrift.of_release(sitting, release, full=True) for release in releases],
        **_WORDS,
    )


@blueprint.get(BASE + "/fassungen/<int:number>")
@demands("signed-in")
def version(sitting_id: int, number: int) -> str:
    """One version as it was released."""
    sitting, releases = _released(sitting_id)
    return render_template(
        "meetings/minutes/version.html",
        sitting=sitting,
        found=_version(sitting, releases, number),
        newest=releases[0].number,
        **_WORDS,
    )


@blueprint.get(BASE + "/fassungen/<int:number>.pdf")
@demands("signed-in")
def version_document(sitting_id: int, number: int) -> Response:
    """The same as a document."""
    sitting, releases = _released(sitting_id)
    return documents.niederschrift_pdf(_version(sitting, releases, number), newest=releases[0].number)


@blueprint.get(BASE + "/bearbeiten")
@demands("minutes.edit")
def edit(sitting_id: int) -> str:
    """The texts of all items, to write during the sitting."""
    sitting = _editable(sitting_id)
    return _edit_page(sitting, forms.opened(queries.texts_of(sitting_id)))


@blueprint.post(BASE + "/bearbeiten")
@demands("minutes.edit")
def save(sitting_id: int) -> str | Response | tuple[str, int]:
    """Save what changed. Where somebody else was faster, show both texts and store nothing over theirs; a text for an
    item that they took off the agenda is shown again."""
    sitting, drafts = _editable(sitting_id), forms.sent(request.form)
    try:
        outcome = operations.save_texts(current_actor(), sitting_id, drafts=drafts)
    except Refused as refused:
        states = queries.texts_of(sitting_id)
        left_over = forms.left_over(states, drafts)
        page = _edit_page(_editable(sitting_id), forms.read(states, drafts), left_over=left_over, refused=refused)
        return page, refused.status
    if request.headers.get("X-Autosave"):
        return _autosaved(outcome)
    if outcome.conflicts or outcome.gone:
        shown = forms.shown_again(queries.texts_of(sitting_id), drafts, outcome.conflicts)
        left_over = {item_id: drafts[item_id] for item_id in sorted(outcome.gone)}
        page = _edit_page(_editable(sitting_id), shown, left_over=left_over, conflicts=len(outcome.conflicts))
        return page, 409
    flash_done(_n("One text was saved.", "%(num)d texts were saved.", len(outcome.saved)))
    return redirect(url_for(".edit", sitting_id=sitting.id, _anchor=request.form.get("at") or None))


@blueprint.route(BASE + "/kopf", methods=["GET", "POST"])
@demands("minutes.edit")
def head(sitting_id: int) -> str | Response:
    """Real times, who chaired and wrote, and who else was there."""
    sitting = _editable(sitting_id)
    minutes = queries.find_minutes(sitting_id)
    suggested = {} if minutes and minutes.described else queries.suggested_signers(sheet_of(sitting))
    form, day = HeadForm(data=forms.opened_with(sitting, minutes, suggested)), sitting.starts_local

    def keep() -> None:
        operations.save_head(current_actor(), sitting_id, version=form.version.data, head=form.head(day))

    if form.try_to(keep):
        flash_done(_("The head of the minutes was saved."))
        return redirect(url_for(".edit", sitting_id=sitting_id))
    saved = queries.find_minutes(sitting_id)
    outdated = bool(form.errors) and form.version.data != (saved.version if saved else 0)
    if outdated:  # what was typed stays; saved again, it is kept deliberately
        form.version.process_data(saved.version if saved else 0)
    return render_template(
        "meetings/minutes/head.html", sitting=_editable(sitting_id), form=form, saved=saved if outdated else None
    )


@blueprint.route(BASE + "/freigabe", methods=["GET", "POST"])
@demands("minutes.edit")
def release(sitting_id: int) -> str | Response:
    """Release the minutes, after saying what they lack and who will read them; or reopen them.

    A new version needs a reason, which a page of its own asks for.
    """
    _editable(sitting_id)
    if request.form.get("reopen") == "1":
        operations.reopen(current_actor(), sitting_id)
        flash_done(
            _(
                "The minutes are open again. The public reads nothing until you release them; the committee's inner "
                "circle still reads the version before."
            )
        )
        return redirect(url_for(".edit", sitting_id=sitting_id))
    form = Form()
    if form.try_to(lambda: operations.release(current_actor(), sitting_id)):
        flash_done(_("The minutes are released."))
        return redirect(url_for(".edit", sitting_id=sitting_id))
    if queries.is_released(sitting_id) or niederschrift.newest_release(sitting_id) is not None:
        return redirect(url_for(".release_again", sitting_id=sitting_id))
    sitting = _editable(sitting_id)
    return render_template(
        "meetings/minutes/first_release.html",
        sitting=sitting,
        form=form,
        gaps=queries.gaps_of(sheet_of(sitting)),
    )


@blueprint.route(BASE + "/erneut-freigeben", methods=["GET", "POST"])
@demands("minutes.edit")
def release_again(sitting_id: int) -> str | Response:
    """What the new version says otherwise, and why there is one; then it is released."""
    sitting = _editable(sitting_id)
    minutes, before = queries.find_minutes(sitting_id), niederschrift.newest_release(sitting_id)
    if minutes is None or before is None or minutes.released_at is not None:
        return redirect(url_for(".edit", sitting_id=sitting_id))
    changes = niederschrift.changed_since(sitting, before)
    form = ReleaseForm(data={"version": minutes.version}, needed=bool(changes))

    def keep() -> None:
        operations.release(current_actor(), sitting_id, reason=form.said, version=form.version.data)

    if form.try_to(keep):
        flash_done(_("The minutes are released."))
        return redirect(url_for(".edit", sitting_id=sitting_id))
    return render_template(
        "meetings/minutes/release.html",
        sitting=_editable(sitting_id),
        form=form,
        number=before.number,
        changes=changes,
        **_WORDS,
    )


@blueprint.get(BASE + "/top/<int:item_id>")
@demands("minutes.edit")
def revisions(sitting_id: int, item_id: int) -> str:
    """All states of one item's text: nothing is ever lost."""
    sitting = _editable(sitting_id)
    item = get_item(sitting_id, item_id)
    page = paginate(queries.revisions_of(item_id), per_page=20)
    return render_template("meetings/minutes/revisions.html", sitting=sitting, item=item, page=page, when=say_moment)


def _found(sitting: Sitting, *, full: bool) -> Niederschrift:
    """What holds: the version that was released; for who writes them, what stands there as long as it is not."""
    if policies.may_edit(current_actor(), sitting) and not queries.is_released(sitting.id):
        return niederschrift.written(sitting, full=full)
    return niederschrift.released(sitting, full=full)


def _is_shown_in_public(sitting: Sitting) -> bool:
    """Whether there is a public part to show: while minutes are corrected, to nobody but who writes them."""
    return policies.may_edit(current_actor(), sitting) or queries.is_released(sitting.id)


def _released(sitting_id: int) -> tuple[Sitting, list[MinutesRelease]]:
    """The sitting and its versions, for who may read them whole. Raises NotFound for others, and without any."""
    sitting, sight = _readable(sitting_id)
    releases = niederschrift.releases_of(sitting_id) if sight is Sight.FULL else []
    ensure(bool(releases))
    return sitting, releases


def _version(sitting: Sitting, releases: list[MinutesRelease], number: int) -> Niederschrift:
    release = next((release for release in releases if release.number == number), None)
    if release is None:
        raise NotFound
    return niederschrift.of_release(sitting, release, full=True)


def _readable(sitting_id: int) -> tuple[Sitting, Sight]:
    """The sitting, and how much of its minutes whoever asks may read. Raises NotFound where it is nothing."""
    actor = current_actor()
    sitting = get_visible(actor, sitting_id)
    sight = policies.sight_of(actor, sitting, queries.find_minutes(sitting_id))
    ensure(sight is not Sight.NOTHING)
    return sitting, sight


def _editable(sitting_id: int) -> Sitting:
    sitting = get_sitting(sitting_id)
    ensure(policies.may_edit(current_actor(), sitting))
    return sitting


def _autosaved(outcome: operations.Outcome) -> Response:
    """What the page's script needs to know: the revisions its texts stand on now, and what it may not overwrite."""
    answer: dict[str, Any] = {
        "bases": {item_id: row.number for item_id, row in outcome.saved.items()},
        "conflicts": sorted(outcome.conflicts | outcome.gone),
        "message": _("Saved at %(time)s.", time=say_time(local_now())),
    }
    if outcome.gone:
        answer["message"] = _("Somebody else has changed the agenda. Please press “Save” to see what is not saved.")
    elif outcome.conflicts:
        answer["message"] = _("Somebody else has changed a text as well. Please press “Save” to compare both.")
    return jsonify(answer)


def _edit_page(
    sitting: Sitting,
    fields: list[TextField],
    *,
    left_over: Mapping[int, Draft] | None = None,
    refused: Refused | None = None,
    conflicts: int = 0,
) -> str:
    minutes, before = queries.find_minutes(sitting.id), niederschrift.newest_release(sitting.id)
    released = minutes is not None and minutes.released_at is not None
    return render_template(
        "meetings/minutes/edit.html",
        sitting=sitting,
        fields=fields,
        left_over=left_over or {},
        released=released,
        before=before,
        changes=niederschrift.changed_since(sitting, before) if released and before else [],
        refused=refused,
        conflicts=conflicts,
        **_WORDS,
    )
