"""How the three-way says what it found: days and things of the books as people write them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.trust.months import MONTH, banked, changed, facts, moved, without
from trust.nouns import BankLine
from trust.signing import states
from trust.signing.figures import figures
from trust.signing.states import standing
from trust.threeway import compare
from trust.views.words import verdict

INNER = re.compile(r"\d{4}-\d\d-\d\d|books/|bank_transactions/|None|\b0\d [A-Z]")
BY_HAND = moved("6", 15, -10_000, "matters/2")


@pytest.mark.parametrize(
    ("subject", "number", "said"),
    [
        ("books/check:130", "1066", "QuickBooks check 1066 of $100.00, 15 Sep 2026"),
        ("books/journal:131", "JE-7", "QuickBooks journal entry JE-7 of $100.00, 15 Sep 2026"),
        ("books/expense:132", "", "QuickBooks expense without a number of $100.00, 15 Sep 2026"),
        ("books/credit_memo:133", "12", "QuickBooks credit memo 12 of $100.00, 15 Sep 2026"),
    ],
)
def test_what_a_person_entered_is_named_as_it_is_found_in_quickbooks(subject, number, said) -> None:
    found = compare(facts(books=(*MONTH, replace(BY_HAND, subject=subject, number=number))))

    [item] = [one for one in found.differences if one.subjects == (subject,)]
    assert said in item.reason
    assert "entered there by hand or by the bank feed" in item.reason


def everything_wrong():
    below = moved("7", 29, -900_000, "matters/3")
    month = (*changed("1", day=date(2026, 9, 5)), below)
    odd = replace(BY_HAND, subject="books/journal:9", ledgers=(("matters/2", -4_000),))
    lines = (
        BankLine(id="a", day=date(2026, 9, 3), amount=700, text="WIRE IN"),
        BankLine(id="b", day=date(2026, 9, 29), amount=-25_900, check="1042"),
    )
    return compare(facts(clio=month, books=(*MONTH, odd), bank=banked(MONTH, *lines, without="5")))


def test_no_sentence_has_a_days_or_a_things_inner_form() -> None:
    said = [one.reason for one in everything_wrong().differences]

    assert len(said) >= 5
    for sentence in said:
        assert not INNER.search(sentence), sentence
    whole = " ".join(said)
    assert "below zero since 29 Sep 2026" in whole
    assert "cleared the bank for $259.00 on 29 Sep 2026" in whole
    assert "is dated 5 Sep 2026 in Clio, 2 Sep 2026 in Tieout" in whole


def test_where_only_tieouts_own_lines_differ_the_sentences_say_so() -> None:
    compared = compare(facts(tieout=without("5")))
    found = figures(compared, currency="USD", names={})

    assert compared.adjusted_bank == compared.books_bank == compared.books_liability == 635_000
    assert compared.ledgers_positive == 635_000
    assert not compared.equal
    assert verdict(found) == "The three ways agree, but not with what Tieout posted."
    assert found.obstacles[0].startswith("The bank, the books and the client ledgers agree, but what Tieout")
    said = states.why_not_prepare(standing([]), found, explanation="")
    assert said.startswith("What Tieout posted is another amount.")


def test_where_more_differs_the_usual_sentence_stands() -> None:
    compared = compare(facts(clio=without("5")))
    found = figures(compared, currency="USD", names={})

    assert verdict(found) == "The three ways do not agree."
    assert "do not agree" in found.obstacles[0]
