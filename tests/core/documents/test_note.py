"""Where a server cannot make PDF files, the pages that would offer them say so."""

from flask import render_template_string

NOTE = '{% from "components/pdf.html" import pdf_note %}{{ pdf_note() }}'


def test_the_note_is_there_only_where_it_is_needed(app, monkeypatch):
    with app.test_request_context():
        assert render_template_string(NOTE).strip() == ""
        monkeypatch.setitem(app.jinja_env.globals, "pdf_available", lambda: False)
        app.jinja_env.cache.clear()
        assert "drucken Sie diese Seite" in render_template_string(NOTE)
    app.jinja_env.cache.clear()
