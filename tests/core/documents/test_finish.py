"""The last touch on a PDF."""

import pydyf

from core.documents.finish import end_streams_clearly, written_clearly


def test_no_stream_ends_in_a_carriage_return():
    """Of a thousand packed streams some do: those are written unpacked, all others stay as they are."""
    pdf = pydyf.PDF()
    for number in range(1000):
        pdf.add_object(pydyf.Stream([f"BT ({number}) Tj ET".encode()], compress=True))
    streams = [each for each in pdf.objects if isinstance(each, pydyf.Stream)]
    unclear = [each for each in streams if each.data.endswith(b"\r\nendstream")]
    assert unclear
    end_streams_clearly(pdf)
    assert not any(each.data.endswith(b"\r\nendstream") for each in streams)
    assert [each for each in streams if not each.compress] == unclear


def test_a_file_whose_objects_end_in_a_carriage_return_is_written_anew():
    files = [b"x\r\nendstream", b"y\r\nendstream", b"z\nendstream"]
    assert written_clearly(files.__getitem__) == files[2]
