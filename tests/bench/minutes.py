"""Minutes of seven pages as the site makes them (own process, PDF/UA-1 and PDF/A-3a), beside bare WeasyPrint."""

import io
import os
import resource
import subprocess
import sys
import time
from datetime import date, datetime, timedelta

from pypdf import PdfReader

from core.access import SYSTEM
from core.dated import Status
from core.documents import worker
from core.documents.render import ROOT
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.minutes import operations as minutes
from meetings.sittings import operations as sittings
from meetings.sittings.operations import Plan
from participation.committees import operations as committees
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from tests.bench.measure import Row, times
from tests.bench.towns import application

TEXT = "Die Verwaltung berichtet über den Stand des Vorhabens und beantwortet Fragen aus dem Kreis der Mitglieder. " * 5
BARE = "import sys, weasyprint; sys.stdout.buffer.write(weasyprint.HTML(string=sys.stdin.read()).write_pdf())"


def run(items: int = 16, *, rounds: int = 3) -> list[Row]:
    """Processor time of the whole answer, and of bare WeasyPrint on plain HTML of the same text, both from cold."""
    with application() as (app, _environment):
        number = held_sitting(items)
        client = app.test_client()
        ours, bare = [], []
        for _round in range(rounds):
            began = spent()
            answer = client.get(f"/sitzungen/{number}/niederschrift-oeffentlich.pdf")
            ours.append(spent() - began)
            assert answer.status_code == 200, answer.status
            began = spent()
            subprocess.run(
                [sys.executable, "-c", BARE],
                input=plain(items).encode(),
                env=plain_fonts(),
                check=True,
                capture_output=True,
            )
            bare.append(spent() - began)
        pages = len(PdfReader(io.BytesIO(answer.get_data())).pages)
    return [
        Row("minutes: pages", str(pages)),
        Row("minutes: bare WeasyPrint, seconds of work", f"{min(bare):.2f}"),
        Row("minutes: the whole answer, seconds of work", f"{min(ours):.2f}"),
        Row("minutes: speed beside bare WeasyPrint", times(min(bare) / min(ours)), "≥ 0.5"),
    ]


def held_sitting(items: int) -> int:
    """A public sitting of yesterday with released minutes; its number."""
    committee = committees.create_committee(SYSTEM, Charter(name="Beirat", kind=Kind.ADVISORY_BOARD))
    start = datetime.combine(date.today() - timedelta(days=1), datetime.min.time()) + timedelta(hours=18)
    sitting = sittings.schedule(SYSTEM, committee.id, Plan(start=start, status=Status.CONFIRMED))
    for number in range(items):
        item = agenda.add(SYSTEM, sitting.id, Item(title=f"Vorhaben {number}"))
        minutes.save_text(SYSTEM, item.id, 0, "\n\n".join([TEXT] * 2))
    minutes.release(SYSTEM, sitting.id)
    return sitting.id


def plain(items: int) -> str:
    """The same text in one of the same fonts, without any other look."""
    parts = "".join(f"<h2>Vorhaben {number}</h2><p>{TEXT}</p><p>{TEXT}</p>" for number in range(items))
    font = (ROOT / "core/documents/fonts/NotoSans-Regular.ttf").as_uri()
    look = f"@font-face {{ font-family: Noto; src: url({font}) }} body {{ font: 10pt Noto }}"
    return f"<!doctype html><html lang=de><title>N</title><style>{look}</style><h1>Niederschrift</h1>{parts}"


def plain_fonts() -> dict[str, str]:
    """The environment with the fonts of the house alone, as our own worker has it."""
    return {**os.environ, "FONTCONFIG_FILE": str(worker.FONT_SETTINGS)}


def spent() -> float:
    """Processor seconds of this process and of all its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
