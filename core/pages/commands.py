"""`flask pages …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from core.access import SYSTEM
from core.forms import clean_text
from core.languages import DEFAULT, LANGUAGES
from core.pages import operations
from core.pages.rules import PageName

group = AppGroup("pages", help="Imprint, privacy and accessibility statement.")


@group.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_folder(folder: Path) -> None:
    """Read `impressum.md`, `impressum.en.md` … from a folder; what is there is replaced."""
    for name in PageName:
        for language in LANGUAGES:
            file = folder / (f"{name}.md" if language == DEFAULT else f"{name}.{language}.md")
            if file.exists():
                text = clean_text(file.read_text(encoding="utf-8"))
                operations.save_page(SYSTEM, name, language, text=text, version=None)
                click.echo(f"{name} ({language})")
