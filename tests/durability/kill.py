"""kill -9 of the server while people write: what was acknowledged is there, nothing is half done, no mail is lost.

As a script: `python tests/durability/kill.py --cycles 1000`. It prints its seed; `--seed` repeats the same chances;
`--database ADDRESS` takes an empty database on PostgreSQL.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from sqlalchemy import select

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.database import session
from core.outbox import OutboxMail, send_due
from tests.conftest import Mailbox
from tests.durability.house import House, free_port, house_in
from tests.durability.writers import Writer, acknowledged_by, assert_nothing_lost, at_work, writers_of

WRITERS = 6
#: the consumer is killed in every so many cycles
CONSUMER_EVERY = 4


@dataclass
class Tally:
    """What the kills came to."""

    kills: int = 0
    acknowledged: int = 0
    seconds_to_ready: list[float] = field(default_factory=list)
    mails: int = 0
    doubled: int = 0

    def __str__(self) -> str:
        slowest = max(self.seconds_to_ready, default=0)
        mean = sum(self.seconds_to_ready) / max(len(self.seconds_to_ready), 1)
        return (
            f"{self.kills} kills, {self.acknowledged} acknowledged writes: 0 lost, 0 half done; "
            f"ready again after {mean:.1f} s (slowest {slowest:.1f} s); {self.mails} mails, none lost, "
            f"{self.doubled} arrived twice under the same Message-ID"
        )


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """A real mail server that outlives every kill, and its port."""
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def run(folder: Path, *, cycles: int, seed: int, database: str = "") -> Tally:
    """So many kills at moments drawn from the seed. Raises AssertionError as soon as anything is not as it must be."""
    chance, tally = random.Random(seed), Tally()
    with (
        mail_server() as (box, port),
        house_in(folder, database=database, smtp_host="127.0.0.1", smtp_port=port) as house,
    ):
        writers = writers_of(house, WRITERS, chance)
        consumer = house.start("jobs", "run")
        try:
            for cycle in range(cycles):
                tally.seconds_to_ready.append(house.open())
                wanted, moment = acknowledged_by(writers) + chance.randrange(20), chance.uniform(0, 0.05)
                with at_work(writers):
                    house.until(lambda wanted=wanted: acknowledged_by(writers) >= wanted)
                    time.sleep(moment)  # of death: nothing is waited for
                    if cycle % CONSUMER_EVERY == 0:
                        consumer.kill()
                    house.kill()
                tally.kills += 1
                assert_nothing_lost(house, writers)
                assert not any(writer.strange for writer in writers), writers
                if tally.kills % 50 == 0:
                    print(f"{tally.kills} kills so far, {acknowledged_by(writers)} acknowledged", flush=True)
                if not consumer.is_alive():
                    consumer = house.start("jobs", "run")
        finally:
            consumer.kill()
            consumer.join()
        tally.acknowledged = acknowledged_by(writers)
        _assert_mail(house, box, writers, tally)
    return tally


def _assert_mail(house: House, box: Mailbox, writers: list[Writer], tally: Tally) -> None:
    """Every invitation arrived, and where one arrived twice it is recognizably the same."""
    with house.app.app_context():
        while send_due():
            session().rollback()
        queued = set(session().scalars(select(OutboxMail.to_address)))
    arrived: dict[str, set[str]] = defaultdict(set)
    for mail in box.mails:
        arrived[str(mail["To"].addresses[0].addr_spec)].add(str(mail["Message-ID"]))
    invited = {name for writer in writers for name in writer.acknowledged if "@" in name}
    assert invited <= queued == set(arrived)
    assert all(len(ids) == 1 for ids in arrived.values())
    tally.mails = len(arrived)
    tally.doubled = sum(number - 1 for number in Counter(str(mail["Message-ID"]) for mail in box.mails).values())


def main() -> None:
    """Read the command line, kill, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--database", default="", help="an empty PostgreSQL database instead of SQLite")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(run(Path(folder), cycles=arguments.cycles, seed=arguments.seed, database=arguments.database))


if __name__ == "__main__":
    main()
