"""Answering a request with a document."""

from datetime import datetime
from typing import Any

from flask import Response, current_app, render_template

from core.documents.filename import content_disposition
from core.documents.page_numbers import PAGE, PAGES, css_content
from core.documents.render import render_pdf
from core.languages import _, locale


def document_response(
    template: str,
    *,
    filename: str,
    title: str,
    public: bool = False,
    inline: bool = False,
    made_at: datetime | None = None,
    **context: Any,
) -> Response:
    """The PDF of a template that extends `documents/base.html`, as a download.

    `filename` may hold anything people type; it is cleaned, and ends in `.pdf`. `title` is the heading, and
    the name a viewer shows. `public` says on every page that the document is public and lets caches keep it
    for five minutes; all others are marked not public and kept by none. `inline` opens it in the browser instead
    of saving. `made_at` (aware) is the date in the file. The language is that of the answer; for another,
    call it inside `core.languages.in_language`. Raises DocumentFailed (see `render_pdf`).
    """
    pdf = render_document(template, title=title, public=public, made_at=made_at, **context)
    response = Response(pdf, mimetype="application/pdf")
    ending = "" if filename.lower().endswith(".pdf") else ".pdf"
    response.headers["Content-Disposition"] = content_disposition(filename + ending, inline=inline)
    response.headers["Cache-Control"] = "public, max-age=300" if public else "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.update(["Accept-Language", "Cookie"])
    return response


def render_document(
    template: str, *, title: str, public: bool = False, made_at: datetime | None = None, **context: Any
) -> bytes:
    """The same PDF as bytes, for a mail, an archive or a test.

    `municipality` may be given with the context; else it is the one of the settings.
    """
    where = locale()
    municipality = context.pop("municipality", None) or current_app.config["SETTINGS"].body_name
    html = render_template(
        template,
        title=title,
        public=public,
        municipality=municipality,
        page_numbers=css_content(_("Page %(page)s of %(pages)s", page=PAGE, pages=PAGES)),
        locale_lang=where.language,
        locale_dir="rtl" if where.text_direction == "rtl" else "ltr",
        **context,
    )
    return render_pdf(html, language=where.language, title=title, author=municipality, made_at=made_at)
