"""A file as the answer to a request."""

from flask import Response

from core.documents.filename import content_disposition


def file_response(content: bytes | str, media_type: str, name: str) -> Response:
    """A file for the reader to keep. `name` may hold anything people type; it is cleaned but for its ending."""
    headers = {"Content-Disposition": content_disposition(name)}
    return Response(content, content_type=media_type, headers=headers)
