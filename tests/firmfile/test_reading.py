"""A firm file is read whole, or refused with the place of every trouble."""

from __future__ import annotations

import pytest

from syncapp.pipeline.firmfile.reading import Unreadable, read, write
from tests.firmfile.example import EXAMPLE


def test_what_is_written_reads_back_the_same() -> None:
    data = read(EXAMPLE)

    assert read(write(data)) == data
    assert write(read(write(data))) == write(data)


def test_days_are_days_and_money_stays_text() -> None:
    text = write(read(EXAMPLE))

    assert "{bills: 2026-01-01, payments: 2026-01-01" in text
    assert "trust_over: '10000.00'" in text
    assert "until: 2027-03-31" in text


@pytest.mark.parametrize(
    ("old", "new", "trouble"),
    [
        ("version: 1", "version: 2", 'version: "2" is not known here; it can be 1'),
        ("currency: USD", "curency: USD", "firm.curency: there is no such key"),
        ("role: partner", "role: boss", 'people[2].role: "boss" is not known here'),
        (", until: 2027-03-31", "", "people[3].until: an auditor needs a last day"),
        ("    accounts: [IOLTA]\n", "", "people[4].accounts: an auditor who is held to trust accounts needs"),
        ("    to: 2026-06-30\n", "", "people[4].to: an auditor who is held to trust accounts needs"),
        ("to: 2026-06-30", "to: 2025-06-30", "people[4].to: this day comes before from"),
        ("[IOLTA]", "[]", "people[4].accounts: this list is empty"),
        ("role: partner}", "role: partner, to: 2026-01-01}", "people[2].to: only an auditor is held to"),
        ("start: {bills: 2026-01-01, ", "start: {", "books[0].start.bills: this is missing"),
        ("bills: 2026-01-01", "bills: soon", 'books[0].start.bills: "soon" is not a day'),
        ("lines: detail", "lines: some", 'books[0].invoices.lines: "some" is not known here'),
        ("narrative: false", "narrative: maybe", "books[0].invoices.narrative"),
        (
            "{line: time}, item: Legal Fees",
            "{lime: time}, item: X",
            "books[0].mapping.rules[1].when.lime: there is no such key",
        ),
        ("{line: time}, item: Legal Fees", "{line: time}, item: 12", 'is not text; write it in quotes: "12"'),
        (", item: Legal Fees", "", "books[0].mapping.rules[1]: this rule chooses nothing"),
        (
            "item: Legal Fees}",
            "item: Legal Fees, account: Income}",
            "books[0].mapping.rules[1]: this rule names both an item and an account",
        ),
        (
            "account: Discounts Given",
            "item: Discounts",
            "books[0].mapping.rules[5].item: a discount goes to an account",
        ),
        ("fallback: hold", "fallback: guess", 'books[0].mapping.fallback: "guess" is not known here'),
        ('up_to: "0.05"', 'up_to: "1.00"', "books[0].rounding.up_to: a bill is rounded by at most 99 cents"),
        ('up_to: "0.05"', "up_to: 0.05", "books[0].rounding.up_to"),
        ("answer: renumber", "answer: approve", "cases.auto[0].answer: no rule may answer so"),
        (", by: books@ash-birch.test", "", "cases.auto[0].by: this is missing"),
        ("- {otherwise: Undeposited Funds}", "- {account: X}", "books[0].deposits[2]: say for which"),
        ('"10000.00"', "10000.00", "approvals.trust_over"),
        ("daily 18:00", "daily 25:00", 'schedule.trust: "daily 25:00" is not a schedule'),
        ("name: second", "name: main", "books[1].name: this set of books stands in the list already"),
        ("slug: ash-birch", "slug: Ash Birch", 'firm.slug: "Ash Birch" is not a short name'),
        ("time_zone: America/New_York", "time_zone: Mars", 'firm.time_zone: "Mars" is not a time zone'),
        ("  region: us", "  region: us\n  provider: clio", "the key “provider” is given twice"),
        ("approvals: {", "approvals: [{", "line "),
        ("schedule: {", "secret: {a: b}\nschedule: {", "secret: there is no such key"),
    ],
)
def test_each_trouble_is_told_with_its_place(old: str, new: str, trouble: str) -> None:
    assert old in EXAMPLE

    with pytest.raises(Unreadable) as refused:
        read(EXAMPLE.replace(old, new, 1))

    assert trouble in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "just words", "{", "a: !!python/object:os.system x", "1: 2"])
def test_what_is_no_firm_file_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)
