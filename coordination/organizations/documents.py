"""Lists of organizations as files."""

from collections.abc import Iterator

from coordination.organizations import queries
from coordination.organizations.publication import FIELD_LABELS, Field
from coordination.organizations.queries import Wanted
from coordination.organizations.words import say
from core.csv_files import write_csv
from core.database import session

#: columns of the address list
COLUMNS = (
    Field.NAME,
    Field.OWN_LABEL,
    Field.ADDRESS,
    Field.EMAIL,
    Field.PHONE,
    Field.WEBSITE,
    Field.TOPICS,
    Field.LANGUAGES,
)
#: so many organizations are read at a time
AT_ONCE = 500


def addresses_csv(wanted: Wanted) -> bytes:
    """The address list, with what each organization shares within the administration, in the reader's language."""
    return write_csv([str(FIELD_LABELS[field]) for field in COLUMNS], _addresses(wanted))


def _addresses(wanted: Wanted) -> Iterator[list[str]]:
    rows = session().scalars(queries.list_addresses(wanted).execution_options(yield_per=AT_ONCE))
    for some in rows.partitions():
        for shown in queries.shown(queries.DEPARTMENTS, some):
            yield [shown.name, *(say(field, shown[field]) for field in COLUMNS[1:])]
