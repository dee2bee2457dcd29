"""Whether the installation can serve people."""

from datetime import timedelta

import time_machine

from core.clock import now
from core.database import transaction
from core.outbox import Mail, queue_mail


def test_a_healthy_installation_answers(client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "database": True, "oldest_mail_minutes": 0}


def test_mail_that_waits_too_long_is_reported(client):
    with transaction():
        queue_mail(Mail("aylin@example.org", "Aylin", "Einladung", "Guten Tag"))
    with time_machine.travel(now() + timedelta(minutes=31)):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["status"] == "late"


def test_robots_may_fetch_feeds(client):
    assert "/gremien/" not in client.get("/robots.txt").text
