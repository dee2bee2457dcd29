"""Letters from a file: kept as sent on their day or as drafts, and no mail goes out."""

from datetime import date

from sqlalchemy import select

from coordination.contacts.models import ContactNote
from coordination.letters.commands import group
from coordination.letters.models import Letter
from coordination.letters.rules import Way
from core.clock import to_local
from core.database import session
from core.outbox import OutboxMail

HEADER = "department,subject,text,topic,language,sent_on\n"


def read(app, tmp_path, *lines, as_of=()):
    file = tmp_path / "letters.csv"
    file.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return app.test_cli_runner().invoke(group, ["import", str(file), *as_of])


def letters():
    session().expire_all()
    return session().scalars(select(Letter).order_by(Letter.id)).all()


def test_a_file_twice_is_as_once_and_writes_to_nobody(app, tmp_path, circle, office):
    lines = [f"{office.key},Fest,Guten Tag,culture,,2026-10-08", f"{office.key},Noch offen,Guten Tag,,,"]
    for _time in range(2):
        outcome = read(app, tmp_path, *lines, as_of=("--as-of", "2026-11-09"))
        assert outcome.exit_code == 0, outcome.output
    sent, draft = letters()
    assert to_local(sent.sent_at).date() == date(2026, 10, 15), "a week has passed since the file was written"
    assert sorted(row.way for row in sent.recipients) == [
        Way.MAIL,
        Way.MAIL,
        Way.MAIL,
        Way.OBJECTED,
        Way.POST,
        Way.UNKNOWN,
    ]
    assert (draft.subject, draft.sent_at, draft.recipients) == ("Noch offen", None, [])
    assert {note.happened_on for note in session().scalars(select(ContactNote))} == {date(2026, 10, 15)}
    assert session().query(OutboxMail).count() == 0


def test_what_cannot_be_kept_is_refused_line_by_line(app, tmp_path, circle, office):
    outcome = read(
        app,
        tmp_path,
        f"{office.key},,Text,,,",
        f"{office.key},Fest,,,,",
        "unbekannt,Fest,Text,,,",
        f"{circle.choir.key},Fest,Text,,,",
        f"{office.key},Fest,Text,unsinn,,",
        f"{office.key},Fest,Text,,xx,",
        f"{office.key},Fest,Text,,,2027-01-01",
        f"{office.key},Gut,Text,,,",
    )
    assert outcome.exit_code == 1
    assert [row.subject for row in letters()] == ["Gut"]
