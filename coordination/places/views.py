"""Pages: /orte/. Who has an account may look; a booking shows as a period, never for whom."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.places import operations, queries
from coordination.places.forms import PlaceForm
from core.access import current_actor, demands
from core.clock import now, to_local
from core.languages import _
from core.web import asked_for, flash_done, paginate

blueprint = Blueprint("places", __name__)

#: how far ahead, and how many at most, the page of a place shows when it is taken
AHEAD = timedelta(days=180)
MOST = 100


@blueprint.get("/")
@demands("organizations.read")
def index() -> str:
    """The searchable list."""
    archived = request.args.get("archiv") == "1"
    page = paginate(queries.search(asked_for(), archived=archived))
    return render_template("coordination/places/index.html", page=page, archived=archived, q=asked_for())


@blueprint.route("/neu", methods=["GET", "POST"])
@demands("places.edit")
def create() -> str | Response:
    """Enter a place."""
    form = PlaceForm()
    if form.try_to(lambda: operations.create_place(current_actor(), form.profile())):
        flash_done(_("“%(name)s” was entered.", name=form.name.data))
        return redirect(url_for(".index"))
    return render_template("coordination/places/edit.html", form=form, place=None)


@blueprint.get("/<int:place_id>")
@demands("organizations.read")
def show(place_id: int) -> str:
    """One place, and when it is taken."""
    place = queries.get_place(place_id)
    bookings = queries.bookings_of(place_id, now(), now() + AHEAD, limit=MOST)
    taken = [(to_local(booking.starts_at), to_local(booking.ends_at)) for booking in bookings]
    return render_template("coordination/places/show.html", place=place, taken=taken, full=len(taken) == MOST)


@blueprint.route("/<int:place_id>/bearbeiten", methods=["GET", "POST"])
@demands("places.edit")
def edit(place_id: int) -> str | Response:
    """Change what is said of the place. An outdated save shows both states; saving again is then meant."""
    place = queries.get_place(place_id)
    form = PlaceForm(obj=place)

    def save() -> None:
        operations.edit_place(current_actor(), place_id, version=form.version.data, profile=form.profile())

    if form.try_to(save, lambda: PlaceForm(formdata=None, obj=queries.get_place(place_id))):
        flash_done(_("“%(name)s” was saved.", name=place.label))
        return redirect(url_for(".show", place_id=place_id))
    return render_template("coordination/places/edit.html", form=form, place=place)


@blueprint.post("/<int:place_id>/archiv")
@demands("places.edit")
def archive(place_id: int) -> Response:
    """Put the place into the archive, or take it back."""
    if request.form.get("restore") == "1":
        place = operations.restore_place(current_actor(), place_id)
        flash_done(_("“%(name)s” is active again.", name=place.label))
    else:
        place = operations.archive_place(current_actor(), place_id)
        flash_done(_("“%(name)s” is in the archive now.", name=place.label))
    return redirect(url_for(".show", place_id=place_id))
