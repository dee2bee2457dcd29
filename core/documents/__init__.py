"""Documents: HTML to accessible, archivable PDF, the same on every machine and open to nothing outside.

`pages` answers a request with a document, `render` makes the PDF in a process of its own (`worker`),
`fetcher` gives that process packaged files and nothing else, `finish` makes the file PDF/UA-1 and PDF/A-3a
in one.
"""
