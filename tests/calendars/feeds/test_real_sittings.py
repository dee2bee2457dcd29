"""The 36 real sittings of an integration committee, from the file to the feed."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from calendars.feeds.assembly import shelf

FILE = Path(__file__).resolve().parents[4] / "shared/data/sittings-integration-committee.csv"


@pytest.mark.realdata
@pytest.mark.skipif(not FILE.exists(), reason="the real data is not beside the project")
def test_all_real_sittings_stand_at_the_right_local_hour_in_summer_and_winter(app, client, make_committee):
    make_committee("Integrationsausschuss")
    command = ["sittings", "import", "--committee", "integrationsausschuss", "--quiet", str(FILE)]
    for _run_twice in range(2):
        done = app.test_cli_runner().invoke(args=command)
        assert done.exit_code == 0, done.output
    shelf().clear()
    answer = client.get("/gremien/integrationsausschuss/kalender.ics?alle=1")
    parsed = icalendar.Calendar.from_ical(answer.data)
    events = parsed.walk("VEVENT")
    assert len(events) == len({event["UID"] for event in events}) == 36
    assert not [event.errors for event in events if event.errors]
    with FILE.open(encoding="utf-8") as lines:
        published = sorted(datetime.fromisoformat(line["start"]) for line in csv.DictReader(lines))
    found = recurring_ical_events.of(parsed).between(date(2000, 1, 1), date(2030, 1, 1))
    shown = sorted(event["DTSTART"].dt for event in found)
    assert [start.astimezone(UTC) for start in shown] == [start.astimezone(UTC) for start in published]
    assert [start.hour for start in shown] == [start.hour for start in published]
    assert {start.utcoffset() for start in shown} == {start.utcoffset() for start in published}
    assert len({start.utcoffset() for start in shown}) == 2, "both summer and winter are in it"
