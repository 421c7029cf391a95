"""What the firm has said of its trust accounts, as planning and telling movements need it."""

from __future__ import annotations

from syncapp.core.ledger import Ledger, LedgerKind
from syncapp.core.planning.trust.pairs import Pair, account_key
from syncapp.records.models import BookChoice
from trust import rules
from trust.models import TrustPair
from trust.pairing import CHECK, SUB_ACCOUNT
from trust.queries import openings

RETURN_OF = "return of "  # how the subject of an answer begins


def pairs(*, firm_id: int, books_id: int) -> dict[str, Pair]:
    """Return the trust pairs of a set of books by `account_key` of Clio's name. In a reading scope."""
    rows = TrustPair.objects.filter(firm_id=firm_id, books_id=books_id)
    return {account_key(row.clio_account): pair_of(row) for row in rows}


def pair_of(row: TrustPair) -> Pair:
    """Return one pair as planning sees it."""
    return Pair(
        clio_account=row.clio_account,
        bank=row.bank,
        liability=row.liability,
        start=row.start,
        post=frozenset(row.post),
        operating=row.operating,
        single=_single(row),
        waits=openings.waits(row),
        own_accounts=row.client_as == SUB_ACCOUNT,
        checks=row.disbursement_as == CHECK,
    )


def of(*, firm_id: int, books_id: int) -> rules.Known:
    """Return what tells the ledgers of rows that name nobody. In a reading scope."""
    rows = TrustPair.objects.filter(firm_id=firm_id, books_id=books_id).select_related("firm")
    single = {account_key(row.clio_account): key for row in rows if (key := _single(row))}
    firm = frozenset({row.firm.name for row in rows})
    return rules.Known(single=single, firm=firm)


def returns(*, firm_id: int, books_id: int) -> dict[str, str]:
    """Return which deposit came back with a return, as people said it, by the return's natural key."""
    rows = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id, subject__startswith=RETURN_OF)
    return {subject.removeprefix(RETURN_OF): said for subject, said in rows.values_list("subject", "answer")}


def _single(row: TrustPair) -> str:
    return Ledger(LedgerKind.CLIENT, row.client_id).key if row.client_id is not None else ""
