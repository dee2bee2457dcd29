"""The analysis over many records: its pages and its file of indicators beside the plain SQL that they need."""

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import text

from coordination.analysis.indicators import indicators
from coordination.analysis.rules import Asked
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.database import session, transaction
from tests.bench.measure import Row, ms, times, work
from tests.bench.towns import application

ORGANIZATIONS = 200

#: records of four years: three events to each project, here and there one that does not count
COOPERATIONS = """
INSERT INTO cooperation (id, version, key, title, format, regular_exchange, initiator_kind, starts_on,
    ends_on, starts_local, status, participants, what_worked, do_differently, source, restricted)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :number)
SELECT i, 1, 'k' || i, 'Vorhaben ' || i,
    CASE WHEN i % 50 = 0 THEN 'other' WHEN i % 4 = 0 THEN 'project' ELSE 'single_event' END,
    i % 50 = 0,
    CASE i % 3 WHEN 0 THEN 'integration_department' WHEN 1 THEN 'migrant_organisation' ELSE 'other_office' END,
    date('2023-01-01', (i % 1400) || ' days'), date('2023-01-01', (i % 1400) || ' days'),
    date('2023-01-01', (i % 1400) || ' days') || ' 18:00:00.000000',
    CASE WHEN i % 20 = 0 THEN 'planned' ELSE 'held' END, i % 90, '', '', 'entered', 0
FROM n
"""
PARTS = (
    """INSERT INTO cooperation_lead (cooperation_id, lead, since) SELECT id,
    CASE id % 3 WHEN 0 THEN 'municipal' WHEN 1 THEN 'migrant_organisation' ELSE 'joint' END, '0001-01-01'
    FROM cooperation""",
    """INSERT INTO cooperation_lead (cooperation_id, lead, since) SELECT id, 'joint', '2025-01-01'
    FROM cooperation WHERE id % 10 = 0""",
    """INSERT INTO cooperation_topic (cooperation_id, topic) SELECT id,
    CASE id % 4 WHEN 0 THEN 'culture' WHEN 1 THEN 'sport' WHEN 2 THEN 'refugees' ELSE 'gender' END FROM cooperation""",
    """INSERT INTO partner (version, cooperation_id, organization_id, role, contribution, benefit)
    SELECT 1, id, 1 + id % :organizations,
    CASE id % 3 WHEN 0 THEN 'door_opener' WHEN 1 THEN 'expert' ELSE 'partner' END, '', '' FROM cooperation""",
    """INSERT INTO municipal_contribution (cooperation_id, kind, note) SELECT id, 'talk', ''
    FROM cooperation WHERE id % 2 = 0""",
)

COUNTS = "c.status IN ('running', 'held') AND NOT c.restricted"
LEADS = """JOIN cooperation_lead l ON l.cooperation_id = c.id
    AND l.since = (SELECT max(since) FROM cooperation_lead m WHERE m.cooperation_id = c.id AND m.since <= :day)"""
LEADS_BY_YEAR = f"""SELECT strftime('%Y', c.starts_on), l.lead, count(*) FROM cooperation c {LEADS}
    WHERE {COUNTS} AND c.format = :format GROUP BY 1, 2"""
FORMATS = f"SELECT c.format, count(*) FROM cooperation c WHERE {COUNTS} GROUP BY 1"
FIGURES = f"""SELECT c.format, c.figure, c.regular_exchange, count(*) FROM cooperation c
    WHERE {COUNTS} AND c.format IN ('committee', 'other') GROUP BY 1, 2, 3"""
YEARS = f"SELECT min(c.starts_on), max(c.ends_on) FROM cooperation c WHERE {COUNTS}"
#: what the overview needs: two tables of leads, formats, the committee figures, the years to choose from
OVERVIEW = (LEADS_BY_YEAR, LEADS_BY_YEAR, FORMATS, FIGURES, YEARS)
#: what the file of indicators needs
FILE = (
    f"SELECT c.format, l.lead, count(*) FROM cooperation c {LEADS} WHERE {COUNTS} GROUP BY 1, 2",
    FORMATS,
    FIGURES,
    f"SELECT c.regular_exchange, c.initiator_kind, count(*) FROM cooperation c WHERE {COUNTS} GROUP BY 1, 2",
    f"""SELECT t.topic, count(DISTINCT c.id) FROM cooperation c JOIN cooperation_topic t ON t.cooperation_id = c.id
    WHERE {COUNTS} AND c.format IN ('committee', 'other') GROUP BY 1""",
    f"""SELECT p.role, count(*) FROM cooperation c JOIN partner p ON p.cooperation_id = c.id
    JOIN organization o ON o.id = p.organization_id WHERE {COUNTS} AND o.kind = 'migrant_organisation' GROUP BY 1""",
    f"""SELECT c.format, c.starts_on, strftime('%H', c.starts_local) BETWEEN '08' AND '17', l.lead <> 'joint',
    EXISTS (SELECT 1 FROM partner p JOIN organization o ON o.id = p.organization_id
        WHERE p.cooperation_id = c.id AND o.kind <> 'department'),
    EXISTS (SELECT 1 FROM municipal_contribution g WHERE g.cooperation_id = c.id AND g.kind = 'talk'), count(*)
    FROM cooperation c {LEADS} WHERE {COUNTS} AND c.starts_local IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6""",
    f"SELECT c.format, sum(c.participants) FROM cooperation c WHERE {COUNTS} GROUP BY 1",
)


def run(sizes: tuple[int, ...] = (100_000, 1_000_000), *, rounds: int = 3) -> list[Row]:
    """Each beside its plain SQL; and how much longer ten times as many records take."""
    found = {number: measured(number, rounds) for number in sizes}
    rows = []
    for number, took in found.items():
        for name in ("overview", "file"):
            rows += [
                Row(f"{number:,} records: {name}", ms(took[name])),
                Row(
                    f"{number:,} records: {name} beside its plain SQL",
                    times(took[name] / took[f"{name}, plain"]),
                    "≤ 5",
                ),
            ]
    few, many = min(sizes), max(sizes)
    rows += [
        Row(
            f"{name}: {many // few} times the records",
            times(found[many][name] / found[few][name]),
            f"about {many // few}",
        )
        for name in ("overview", "file")
    ]
    return rows


def measured(number: int, rounds: int) -> dict[str, float]:
    """Processor seconds of each, and of its plain SQL."""
    with application() as (app, _environment):
        fill(number)
        client = app.test_client()
        return work(
            {
                "overview": lambda: overview(client),
                "overview, plain": lambda: plain(OVERVIEW),
                "file": lambda: indicators(Asked(), "Ort"),
                "file, plain": lambda: plain(FILE),
            },
            rounds=rounds,
            each=1,
        )


def fill(number: int) -> None:
    """So many records, each with a lead, a topic and a partner."""
    for place in range(ORGANIZATIONS):
        create_organization(SYSTEM, Profile(name=f"Verein {place}", kind=Kind.MIGRANT_ORGANISATION))
    with transaction() as current:
        current.execute(text(COOPERATIONS), {"number": number})
        for statement in PARTS:
            current.execute(text(statement), {"organizations": ORGANIZATIONS} if ":organizations" in statement else {})
    with transaction() as current:
        current.execute(text("ANALYZE"))


def overview(client: FlaskClient) -> None:
    """The page as everybody sees it."""
    assert client.get("/auswertung/").status_code == 200


def plain(statements: tuple[str, ...]) -> None:
    """The statements as one would write them by hand, on the driver's own connection."""
    connection = session().connection()
    for statement in statements:
        values = {"day": date(2026, 11, 16).isoformat(), "format": "single_event"}
        connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement}).all()
