"""Lists of organizations as files."""

from collections.abc import Iterator

from coordination.organizations import codebook, queries
from coordination.organizations.lines import values_of
from coordination.organizations.publication import FIELD_LABELS, Field
from coordination.organizations.queries import Wanted
from coordination.organizations.words import say
from core.codebooks import codebook_header, codebook_rows
from core.csv_files import write_csv
from core.database import session
from core.languages import _
from core.spreadsheets import write_xlsx

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


def profiles_xlsx(*, blank: bool = False) -> bytes:
    """All organizations but committees in lines that the import reads back, with the codebook as second sheet; or
    `blank`."""
    rows = () if blank else session().scalars(queries.every().execution_options(yield_per=AT_ONCE))
    return write_xlsx(
        {
            _("Organizations"): (codebook.NAMES, (list(values_of(row).values()) for row in rows)),
            _("Codebook"): (codebook_header(), codebook_rows(codebook.COLUMNS)),
        }
    )


def _addresses(wanted: Wanted) -> Iterator[list[str]]:
    rows = session().scalars(queries.list_addresses(wanted).execution_options(yield_per=AT_ONCE))
    for some in rows.partitions():
        for shown in queries.shown(queries.DEPARTMENTS, some):
            yield [shown.name, *(say(field, shown[field]) for field in COLUMNS[1:])]
