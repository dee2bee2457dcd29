"""The last touch on a PDF: one file that keeps two promises, PDF/A-3a and PDF/UA-1.

The layout engine writes the identifier of one standard only. PDF/A moreover allows in the metadata only
properties it knows or finds described there, so the description of the PDF/UA identifier goes in as well
(ISO 19005-3, 6.6.2.3; ISO 14289-1, clause 5).
"""

from collections.abc import Callable
from typing import Any

from pydyf import Dictionary

_PDF_UA = b"""\
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""

_END = b"</rdf:RDF>"


#: how often a file is written anew with one object more; all of these would have to end badly, one in 128 to the fourth
TRIES = 4


def finish(document: object, pdf: Any, *, spare: int = 0) -> None:  # noqa: ARG001
    """WeasyPrint's finisher: what `pdf` needs before it is written, and `spare` objects that mean nothing. Raises
    ValueError as below."""
    add_ua_identifier(pdf)
    end_streams_clearly(pdf)
    for _number in range(spare):
        pdf.add_object(Dictionary())


def written_clearly(write: Callable[[int], bytes]) -> bytes:
    """What `write` gives for the fewest spare objects with which no stream ends in a carriage return.

    The stream of objects is packed only while the file is written, so `end_streams_clearly` cannot see it.
    """
    for spare in range(TRIES):
        data = write(spare)
        if b"\r\nendstream" not in data:
            break
    return data


def end_streams_clearly(pdf: Any) -> None:
    """Leave a stream unpacked whose packed bytes end in a carriage return.

    The engine puts a line feed behind them, and readers would take both for the end of the line: the stream's length
    would no longer be the one it states (ISO 19005-3, 6.1.7.1). One packed stream in 256 ends so.
    """
    for stream in pdf.objects:
        if getattr(stream, "compress", False) and stream.data.endswith(b"\r\nendstream"):
            stream.compress = False


def add_ua_identifier(pdf: Any) -> None:
    """Write into the metadata of `pdf` that it follows PDF/UA-1 as well.

    Raises ValueError when the engine wrote no metadata that could be added to.
    """
    metadata = _metadata_stream(pdf)
    content = b"".join(part if isinstance(part, bytes) else part.data for part in metadata.stream)
    before, end, after = content.rpartition(_END)
    if not end:
        raise ValueError("the engine wrote no RDF metadata")
    metadata.stream = [before + _PDF_UA + end + after]
    metadata.compress = False  # archives read it without unpacking (ISO 19005-3, 6.6.2.1)


def _metadata_stream(pdf: Any) -> Any:
    reference = pdf.catalog["Metadata"]
    reference = reference.decode() if isinstance(reference, bytes) else str(reference)
    return pdf.objects[int(reference.split()[0])]
