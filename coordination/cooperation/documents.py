"""Records as files: CSV and XLSX, with their codebook."""

from collections.abc import Iterator

from coordination.cooperation import codebook, queries
from coordination.cooperation.files import lines_of
from coordination.cooperation.queries import Wanted
from coordination.cooperation.rules import Reach
from core.codebooks import codebook_header, codebook_rows
from core.csv_files import write_csv
from core.database import session
from core.languages import _
from core.spreadsheets import write_xlsx


def records_csv(reach: Reach, wanted: Wanted) -> bytes:
    """The records within reach that are wanted, in lines that the import reads back."""
    return write_csv(codebook.EXPORTED, _lines(reach, wanted))


def codebook_csv() -> bytes:
    """What the columns mean, in the reader's language."""
    return write_csv(codebook_header(), codebook_rows(codebook.COLUMNS))


def records_xlsx(reach: Reach, wanted: Wanted) -> bytes:
    """The same as one file, with the codebook as second sheet."""
    return write_xlsx(
        {
            _("Records"): (codebook.EXPORTED, _lines(reach, wanted)),
            _("Codebook"): (codebook_header(), codebook_rows(codebook.COLUMNS)),
        }
    )


def _lines(reach: Reach, wanted: Wanted) -> Iterator[list[str]]:
    """Line by line, some hundred records in memory at a time."""
    own_topics = {topic.id: topic.key for topic in queries.list_own_topics()}
    found = session().scalars(queries.search(reach, wanted).execution_options(yield_per=500))
    for row in found:
        yield from lines_of(row, own_topics)
