"""What everything is measured beside: the smallest Flask application, and a bare Jinja page of fifty rows."""

from flask import Flask, render_template_string

ROWS = [(number, f"Verein {number}", f"Straße {number}, 12345 Stadt") for number in range(50)]
PAGE = """<!doctype html><html lang="de"><title>Liste</title><h1>Liste</h1><table>
{% for number, name, address in rows %}<tr><td>{{ number }}</td><td>{{ name }}</td><td>{{ address }}</td></tr>
{% endfor %}</table>"""


def create_app() -> Flask:
    """`/` says hello, `/page` renders the page."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "hello")
    app.add_url_rule("/page", "page", lambda: render_template_string(PAGE, rows=ROWS))
    return app
