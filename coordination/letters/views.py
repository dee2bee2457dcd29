"""Pages: /briefe/, letters to all migrant organizations on a topic."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.letters import operations, queries
from coordination.letters.documents import Sheet, letters_pdf
from coordination.letters.forms import LetterForm, NewLetterForm
from coordination.letters.models import Letter
from coordination.letters.policies import may_change, may_object, may_read
from coordination.letters.queries import Wanted
from coordination.letters.rules import PER_FILE, WAY_LABELS, Recipient, Way, state_of
from coordination.organizations import queries as organizations
from coordination.organizations.languages import LANGUAGE_LABELS
from coordination.organizations.policies import reader_of
from coordination.organizations.rules import TOPIC_LABELS, Kind
from core import reads
from core.access import current_actor, demands, ensure
from core.clock import to_local
from core.errors import NotFound, Refused
from core.languages import _
from core.web import flash_done, number_of, paginate, paginate_list, said_yes

blueprint = Blueprint("letters", __name__)


@blueprint.get("/")
@demands("letters.write")
def index() -> str:
    """Drafts, then what was sent, newest first."""
    page = paginate(queries.search(current_actor()))
    return render_template(
        "coordination/letters/index.html",
        page=page,
        ways=queries.ways_of([letter.id for letter in page.rows]),
        topics=TOPIC_LABELS,
        Way=Way,
        to_local=to_local,
    )


@blueprint.route("/neu", methods=["GET", "POST"])
@demands("letters.write")
def create() -> str | Response:
    """Choose the topic, see whom that reaches, and write: in one form, whose button "check" only shows."""
    actor, made = current_actor(), list[Letter]()
    form = NewLetterForm(
        data={
            "department_id": min(actor.organizations_as("officer"), default=None),
            "topic": request.args.get("thema", ""),
            "language": request.args.get("sprache", ""),
        }
    )
    form.offer(organizations.list_choices(Kind.DEPARTMENT))
    only_shown = "check" in request.form
    if not only_shown and form.try_to(lambda: made.append(operations.write_letter(actor, form.wanted(), form.draft()))):
        flash_done(_("The letter is kept as a draft. Nothing has been sent yet."))
        return redirect(url_for(".show", letter_id=made[0].id))
    found = queries.recipients_of(reader_of(actor), form.wanted())
    reads.note(actor, "read.recipients", Letter)
    return render_template("coordination/letters/create.html", form=form, **_told(found))


@blueprint.get("/<int:letter_id>")
@demands("letters.write")
def show(letter_id: int) -> str:
    """A draft with whom it reaches and the button that sends it; or a letter that was sent, with where it went."""
    letter, actor = _readable(letter_id), current_actor()
    reads.note(actor, "read.recipients", letter)
    if letter.sent_at is None:
        found = queries.recipients_of(reader_of(actor), Wanted(letter.topic, letter.language))
        return render_template(
            "coordination/letters/draft.html",
            letter=letter,
            topics=TOPIC_LABELS,
            languages=LANGUAGE_LABELS,
            state=state_of(found),
            parts=_parts(sum(one.way is Way.POST for one in found)),
            **_told(found),
        )
    page = paginate(queries.sent_to(letter_id))
    return render_template(
        "coordination/letters/sent.html",
        letter=letter,
        topics=TOPIC_LABELS,
        languages=LANGUAGE_LABELS,
        page=page,
        shown=queries.with_address(reader_of(actor), page.rows),
        ways=WAY_LABELS,
        addresses=may_change(actor, letter),
        parts=_parts(queries.count_by_post(reader_of(actor), letter_id)),
        to_local=to_local,
    )


@blueprint.route("/<int:letter_id>/bearbeiten", methods=["GET", "POST"])
@demands("letters.write")
def edit(letter_id: int) -> str | Response:
    """Change a draft. Was it sent meanwhile, what was typed is shown beside the refusal."""
    letter = _changeable(letter_id)
    if letter.sent_at is not None and request.method == "GET":
        return redirect(url_for(".show", letter_id=letter_id))
    form = _form_of(letter)

    def save() -> None:
        operations.edit_letter(current_actor(), letter_id, version=form.version.data, draft=form.draft())

    if form.try_to(save, lambda: _form_of(queries.get_letter(letter_id), formdata=None)):
        flash_done(_("The letter was saved. Nothing has been sent yet."))
        return redirect(url_for(".show", letter_id=letter_id))
    return render_template("coordination/letters/edit.html", form=form, letter=queries.get_letter(letter_id))


@blueprint.post("/<int:letter_id>/senden")
@demands("letters.write")
def send(letter_id: int) -> Response:
    """Send it to whom the page has shown."""
    _changeable(letter_id)
    try:
        operations.send_letter(
            current_actor(),
            letter_id,
            version=number_of(request.form.get("version")) or 0,
            recipients=request.form.get("recipients", ""),
        )
        flash_done(_("The letter was sent. Each organization has a note in the contact log."))
    except Refused as refused:
        flash(refused.message, "danger")
    return redirect(url_for(".show", letter_id=letter_id))


@blueprint.post("/<int:letter_id>/verwerfen")
@demands("letters.write")
def throw_away(letter_id: int) -> Response:
    """Throw a draft away."""
    _changeable(letter_id)
    try:
        operations.discard_letter(current_actor(), letter_id)
    except Refused as refused:
        flash(refused.message, "danger")
        return redirect(url_for(".show", letter_id=letter_id))
    flash_done(_("The draft was thrown away."))
    return redirect(url_for(".index"))


@blueprint.get("/<int:letter_id>/post-<int:number>.pdf")
@demands("letters.write")
def document(letter_id: int, number: int) -> Response:
    """The sheets for post, so many a file. They hold addresses, so they are for those who send it."""
    letter = _changeable(letter_id)
    sheets = _sheets(letter, (number - 1) * PER_FILE) if number else []
    if not sheets:
        raise NotFound
    reads.note(current_actor(), "read.recipients", letter)
    return letters_pdf(letter, sheets)


@blueprint.post("/widerspruch/<int:organization_id>")
@demands("signed-in")
def objection(organization_id: int) -> Response:
    """The organization wants no letters, or wants them again."""
    organization = organizations.get_organization(organization_id)
    ensure(may_object(current_actor(), organization_id))
    objects = not said_yes("wants")
    operations.object_to_letters(current_actor(), organization_id, objects=objects)
    if objects:
        flash_done(_("“%(name)s” gets no more letters that go to all.", name=organization.name))
    else:
        flash_done(_("“%(name)s” gets letters that go to all.", name=organization.name))
    return redirect(url_for("organizations.show", organization_id=organization_id))


def _readable(letter_id: int) -> Letter:
    letter = queries.get_letter(letter_id)
    ensure(may_read(current_actor(), letter))
    return letter


def _changeable(letter_id: int) -> Letter:
    letter = queries.get_letter(letter_id)
    ensure(may_change(current_actor(), letter))
    return letter


def _form_of(letter: Letter, **options: None) -> LetterForm:
    form = LetterForm(obj=letter, **options)
    departments = dict(organizations.list_choices(Kind.DEPARTMENT))
    departments.setdefault(letter.department_id, letter.department.name)
    form.offer(departments.items())
    return form


def _told(found: list[Recipient]) -> dict[str, object]:
    """The recipients by the way on which they are reached, a page at a time, and how many there are in all."""
    numbers = Counter(one.way for one in found)
    page = paginate_list(sorted(found, key=lambda one: list(Way).index(one.way)))
    return {
        "page": page,
        "by_way": {way: [one for one in page.rows if one.way is way] for way in Way},
        "numbers": numbers,
        "ways": WAY_LABELS,
        "mails": sum(len(one.mails) for one in found),
        "sheets": numbers[Way.POST],
    }


def _parts(sheets: int) -> range:
    """The numbers of the files in which so many sheets come."""
    return range(1, -(-sheets // PER_FILE) + 1)


def _sheets(letter: Letter, first: int) -> list[Sheet]:
    """So many sheets as fit into a file, from the one with this number on."""
    reader = reader_of(current_actor())
    if letter.sent_at is not None:
        sent = queries.by_post(reader, letter.id, first=first, most=PER_FILE)
        return [Sheet(row.organization.name, row.address.splitlines()) for row in sent]
    found = queries.recipients_of(reader, Wanted(letter.topic, letter.language))
    sheets = [Sheet(one.name, one.post) for one in found if one.way is Way.POST]
    return sheets[first : first + PER_FILE]
