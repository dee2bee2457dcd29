"""The municipality's own topics, each of which belongs to one of the survey's twelve."""

from sqlalchemy import select, update

from coordination.cooperation.models import CooperationTopic, OwnTopic
from coordination.organizations.rules import Topic
from core import history
from core.access import Actor
from core.database import check_version, free_key_kept, get_row, session, transaction
from core.errors import Refused
from core.languages import _
from core.slugs import free_slug


def create_own_topic(actor: Actor, *, name: str, topic: Topic, key: str = "") -> OwnTopic:
    """Add a topic of the municipality's own, which belongs to one of the survey's twelve.

    Refused: a name that another one has, also one that somebody else entered at the same moment.
    """
    with transaction() as current, free_key_kept("name"):
        _refuse_known(name)
        taken = set(current.scalars(select(OwnTopic.key))) | set(Topic)
        row = OwnTopic(key=key or free_slug(name, taken), name=name, topic=topic)
        current.add(row)
        history.record(actor, "cooperation.create_own_topic", row)
    return row


def edit_own_topic(actor: Actor, own_topic_id: int, *, version: int | None, name: str, topic: Topic) -> OwnTopic:
    """Rename an own topic, or let it belong to another of the twelve: in every record at once. Refused: a name that
    another one has."""
    with transaction() as current:
        row = get_row(OwnTopic, own_topic_id)
        check_version(row, version)
        _refuse_known(name, apart_from=row.id)
        row.name, row.topic = name, topic
        belonging = update(CooperationTopic).where(CooperationTopic.own_topic_id == row.id)
        current.execute(belonging.values(topic=topic), execution_options={"synchronize_session": "fetch"})
        history.record(actor, "cooperation.edit_own_topic", row)
    return row


def _refuse_known(name: str, *, apart_from: int | None = None) -> None:
    """Two topics of one name could not be told apart where they are ticked."""
    known = session().execute(select(OwnTopic.id, OwnTopic.name))
    if any(row.name.casefold() == name.casefold() and row.id != apart_from for row in known):
        raise Refused(_("There is an own topic of this name already."), "name")
