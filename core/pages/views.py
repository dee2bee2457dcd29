"""/impressum, /datenschutz, /barrierefreiheit, and the form to write them."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core.access import current_actor, demands, public
from core.errors import NotFound
from core.forms import LongTextField, VersionedForm
from core.languages import LANGUAGES, _, _l, chosen_language
from core.pages import operations, queries
from core.pages.rules import TITLES, PageName, to_html
from core.web import flash_done

blueprint = Blueprint("pages", __name__)


class TextForm(VersionedForm):
    """The text of a page."""

    text = LongTextField(
        _l("Text"), required=True, description=_l("Simple Markdown: ## heading, - list, [link](https://…).")
    )


def _named(name: str) -> PageName:
    if name not in set(PageName):
        raise NotFound
    return PageName(name)


@blueprint.get('/<any("impressum", "datenschutz", "barrierefreiheit"):name>')
@public
def show(name: str) -> str:
    """One page, in the reader's language where it was written."""
    page = queries.find_readable(_named(name), chosen_language())
    return render_template(
        "core/pages/show.html",
        heading=TITLES[PageName(name)],
        page=page,
        body=to_html(page.text) if page else None,
        name=name,
        languages=LANGUAGES,
    )


@blueprint.route(
    '/<any("impressum", "datenschutz", "barrierefreiheit"):name>/bearbeiten/<string:language>', methods=["GET", "POST"]
)
@demands("pages.edit")
def edit(name: str, language: str) -> str | Response:
    """Write the page in one language."""
    if language not in LANGUAGES:
        raise NotFound
    page = queries.find_page(_named(name), language)
    form = TextForm(obj=page)

    def save() -> None:
        version = form.version.data or 0  # opened when there was none: who wrote one meanwhile is not overwritten
        operations.save_page(current_actor(), PageName(name), language, text=form.text.data or "", version=version)

    if form.try_to(save, lambda: TextForm(formdata=None, obj=queries.find_page(_named(name), language))):
        flash_done(_("The page was saved."))
        return redirect(url_for(".show", name=name))
    return render_template(
        "core/pages/edit.html", form=form, heading=TITLES[PageName(name)], language=LANGUAGES[language], name=name
    )
