"""The pages of contacts and of what is found in the books: a part of `pages.addresses`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.tenancy import firm_scope
from syncapp.records.models import BookRow

if TYPE_CHECKING:
    from accounts.models import Firm

type Wanted = tuple[str, str, dict[str, Any], str]


def rows(firm: Firm, *, choose: int, big: int, text: str) -> list[Wanted]:
    """Name each page; `choose` is a case with a choice, `big` one that holds bills, `text` what is sought."""
    with firm_scope(write=None, reads=[firm.pk]):
        row = BookRow.objects.filter(firm=firm, kind="customer").values_list("pk", flat=True)[0]
    return [
        ("customers that are no clients", "desk:strangers", {}, ""),
        ("what stands already as CSV", "desk:adoption_file", {}, ""),
        ("customers that are no clients as CSV", "desk:strangers_file", {}, ""),
        ("which client it is", "desk:stranger", {"row_id": row}, f"?q={text}"),
        ("which customer it is", "desk:find_customer", {"case_id": choose}, f"?q={text}"),
        ("found and linked", "desk:link_here", {"case_id": big}, "?q=1"),
        ("whose word holds", "desk:contact_rules", {}, ""),
        ("who clears what", "desk:case_rules", {}, ""),
    ]
