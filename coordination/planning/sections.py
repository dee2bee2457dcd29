"""Texts that both sides write."""

from coordination.planning.models import Section
from coordination.planning.workspaces import held, keep_posted, refuse_empty
from core import history
from core.access import Actor
from core.database import check_version, get_row, transaction


def add_section(actor: Actor, cooperation_id: int, *, title: str, text: str = "") -> Section:
    """One more text that both sides write."""
    with transaction() as current:
        row = held(cooperation_id)
        refuse_empty(title, "title")
        section = Section(cooperation_id=row.id, title=title, text=text)
        current.add(section)
        keep_posted(actor, row.id)
        history.record(actor, "planning.add_section", section)
    return section


def edit_section(actor: Actor, section_id: int, *, version: int | None, title: str, text: str) -> Section:
    """Save a text. Raises Outdated where somebody else saved it meanwhile: nothing is overwritten unseen."""
    with transaction():
        section = get_row(Section, section_id)
        check_version(section, version)
        refuse_empty(title, "title")
        section.title, section.text = title, text
        keep_posted(actor, section.cooperation_id)
        history.record(actor, "planning.edit", section)
    return section
