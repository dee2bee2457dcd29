"""The only files a document may use: those that come with the program.

Minutes hold text written by people. Whatever address gets into it (an image, a style sheet, an attachment,
a redirect), the layout engine asks this fetcher for it, and nothing outside two packaged folders is ever
opened.
"""

import re
from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "fonts": ROOT / "core" / "documents" / "fonts",
    "documents": ROOT / "templates" / "documents",
}
TYPES = {".css": "text/css", ".png": "image/png", ".svg": "image/svg+xml", ".ttf": "font/ttf"}

# A name without a slash cannot leave its folder.
_ADDRESS = re.compile(r"house:(?P<folder>[a-z]+)/(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)", re.ASCII)


class NotPackagedError(ValueError):
    """The address is not one of a packaged file. The engine goes on without it."""


class PackagedFetcher(URLFetcher):  # type: ignore[misc]
    """Opens `house:fonts/…` and `house:documents/…`; raises NotPackagedError for every other address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=frozenset({"house"}), allow_redirects=False)

    def fetch(self, url: str, _headers: object = None) -> URLFetcherResponse:
        """The packaged file at this address. Headers come from the engine and mean nothing here."""
        path = packaged_path(url)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})

    def open(self, url: object, *_: object) -> URLFetcherResponse:
        """Closes the door of the parent class that leads to urllib."""
        raise NotPackagedError(str(url))


def packaged_path(url: str) -> Path:
    """The file behind a `house:` address. Raises NotPackagedError for anything else or absent."""
    if (match := _ADDRESS.fullmatch(url)) and match["folder"] in FOLDERS:
        path = FOLDERS[match["folder"]] / match["name"]
        if path.suffix in TYPES and path.is_file():
            return path
    raise NotPackagedError(url)
