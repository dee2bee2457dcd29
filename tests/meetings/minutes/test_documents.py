"""The four documents of a sitting are accessible (PDF/UA-1) and archivable (PDF/A-3a), whatever stands in them."""

import page
import pytest

from meetings.minutes import operations

ODD = (
    "# Überschrift\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nمرحبا · Ласкаво просимо · ሰላ\n\n> Zitat\n\n1. eins\n   - zwei"
)


@pytest.mark.parametrize("filled", [True, False])
def test_documents_keep_to_their_profiles(held, sign_in, actor, make_sitting, filled):
    sitting = held.sitting if filled else make_sitting(held.committee).id
    if filled:
        operations.save_text(actor, held.item, 0, ODD)
        operations.release(actor, held.sitting)
    client = sign_in("clerk", organization_id=held.committee.organization_id)
    since = "" if filled else "?von=2020-01-01&bis=2020-12-31"
    for url in (
        f"/sitzungen/{sitting}/niederschrift.pdf",
        f"/sitzungen/{sitting}/niederschrift-oeffentlich.pdf",
        f"/sitzungen/{sitting}/anwesenheitsliste.pdf",
        f"/gremien/{held.committee.slug}/anwesenheit.pdf{since}",
    ):
        answer = client.get(url)
        assert answer.mimetype == "application/pdf"
        for profile in ("3a", "ua1"):
            found = page.validate_pdf_bytes(answer.data, profile=profile)
            assert found.is_compliant, (url, profile, [(f.rule_id, f.message) for f in found.failures])
