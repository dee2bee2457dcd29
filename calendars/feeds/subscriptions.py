"""Pages: /konto/abos/, the personal feeds of whoever is signed in."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from calendars.feeds import addresses, operations, queries
from calendars.feeds.forms import FeedForm
from calendars.feeds.rules import REMINDERS
from core import submissions
from core.access import current_actor, demands, ensure
from core.clock import to_local
from core.languages import LANGUAGES, _, chosen_language
from core.web import flash_done

blueprint = Blueprint("subscriptions", __name__)


@blueprint.get("/")
@demands("signed-in")
def index() -> str:
    """My feeds."""
    person_id = current_actor().person_id
    return render_template(
        "calendars/feeds/index.html",
        has_person=person_id is not None,
        tokens=[] if person_id is None else queries.list_tokens(person_id),
        reminders=REMINDERS,
    )


@blueprint.route("/neu", methods=["GET", "POST"])
@submissions.answers_again
@demands("signed-in")
def create() -> str | Response:
    """A new feed; its address is on the answer to this form, also when that is sent twice, and nowhere else."""
    actor, form = current_actor(), FeedForm(data={"language": chosen_language()})
    if actor.person_id is None:
        return redirect(url_for(".index"))
    person_id = actor.person_id

    def save() -> None:
        operations.create_token(
            actor,
            person_id,
            name=form.name.data,
            language=form.language.data,
            alarm_minutes=form.alarm_minutes.data,
            only_mine=form.only_mine.data,
            make_token=submissions.secret,
        )

    if form.try_to(lambda: submissions.once(save)):
        return _shown_once(form.name.data, submissions.secret())
    return render_template("calendars/feeds/edit.html", form=form)


@blueprint.get("/<int:token_id>")
@demands("signed-in")
def show(token_id: int) -> str:
    """One of my feeds, and what can be done with it."""
    token = queries.get_token(token_id)
    ensure(token.person_id == current_actor().person_id and token.revoked_at is None)
    return render_template(
        "calendars/feeds/show.html",
        token=token,
        made_on=to_local(token.created_at).date(),
        reminders=REMINDERS,
        languages=LANGUAGES,
    )


@blueprint.post("/<int:token_id>/erneuern")
@submissions.answers_again
@demands("signed-in")
def rotate(token_id: int) -> str:
    """A new address in place of one that somebody else may know."""
    actor = current_actor()
    submissions.once(lambda: operations.rotate(actor, token_id, make_token=submissions.secret))
    return _shown_once(queries.get_token(token_id).name, submissions.secret())


@blueprint.post("/<int:token_id>/beenden")
@demands("signed-in")
def revoke(token_id: int) -> Response:
    """End a feed: my own or, for the administration, anybody's."""
    actor = current_actor()
    row = operations.revoke(actor, token_id)
    flash_done(_("The feed “%(name)s” has ended.", name=row.name))
    if row.person_id != actor.person_id:
        return redirect(url_for("people.show", person_id=row.person_id))
    return redirect(url_for(".index"))


def _shown_once(name: str, token: str) -> str:
    address = addresses.personal_address(token, name)
    return render_template(
        "calendars/feeds/address.html",
        name_of_feed=name,
        address=address,
        webcal=addresses.webcal(address),
        google=addresses.google(address),
        outlook=addresses.outlook(address, name),
        qr_code=addresses.feed_qr_code(address, _("QR code with the address of this feed")),
    )
