"""Names as a bookkeeper compares them: what makes two the same, what is doubtful, what is somebody else."""

from __future__ import annotations

from datetime import date

import pytest

from syncapp.core.adoption import Found, Party, Record, Sight, Standing, Sure, recognise
from syncapp.core.likeness import address_key, alike, named, phone_key


@pytest.mark.parametrize(
    ("one", "other", "least", "reason"),
    [
        ("Acme Holdings, LLC", "ACME Holdings L.L.C.", 100, "the same name"),
        ("Acme Holdings, LLC", "Acmé Holdings", 95, "“LLC” stands in only one of the two"),
        ("Jane Doe", "Doe, Jane", 94, "the same name in another order"),
        ("McDonald Farms", "Mc Donald Farms", 94, "the same name, spaced otherwise"),
        ("Jane Q. Doe", "Jane Doe", 80, "“Q” stands in only one of the two"),
        ("Jane Doe", "J. Doe", 70, "“J.” may stand for “Jane”"),
        ("Katherine Abbott", "Catherine Abbott", 80, "differ in a letter"),
        ("Gallagher Bros", "Gallagher Brothers", 100, "the same name"),
        ("O’Brien & Sons", "OBrien and Sons", 100, "the same name"),
        ("Bjørn Ås", "Bjorn As", 100, "the same name"),
        ("Dr. Jane Doe", "Jane Doe Clio 123", 100, "the same name"),
    ],
)
def test_two_ways_of_writing_one_name(one: str, other: str, least: int, reason: str) -> None:
    found = alike(one, other)
    assert found.points >= least, found
    assert any(reason in said for said in found.reasons), found
    assert alike(other, one).points == found.points


@pytest.mark.parametrize(
    ("one", "other", "most"),
    [
        ("John Smith Jr.", "John Smith Sr.", 0),
        ("John Smith Jr.", "John Smith", 75),
        ("Smith Holdings LLC", "Smith Holdings Inc.", 60),
        ("Harbor Mills Inc.", "Harbor Foods Inc.", 0),
        ("Unit 1201 LLC", "Unit 1202 LLC", 0),
        ("Jane Doe", "John Doe", 0),
        ("", "Jane", 0),
    ],
)
def test_names_that_are_somebody_elses(one: str, other: str, most: int) -> None:
    assert alike(one, other).points <= most


def test_the_parts_of_a_name_a_telephone_and_an_address() -> None:
    assert named("Doe, Jane (Clio 77)").mark == 77
    assert named("Clio Software 12").mark is None
    assert phone_key("+1 (503) 555-0101") == phone_key("503.555.0101") == "5035550101"
    assert phone_key("55") == ""
    assert address_key(("12 Court St.", "Portland OR 97204-1234")) == "12 97204"
    assert address_key(("Court Street",)) == ""


def _sight(clients: list[Party], customers: list[Party], **more: object) -> list[Found]:
    sight = Sight(clients=clients, customers=customers, records=[], standing=[])
    for name, value in more.items():
        setattr(sight, name, value)
    return recognise(sight)


def _client(key: int, name: str, **more: str) -> Party:
    return Party(id=f"contacts/{key}", name=name, **more)  # type: ignore[arg-type]


def test_two_clients_of_one_name_are_never_told_apart_by_it() -> None:
    clients = [_client(1, "John Smith"), _client(2, "John Smith")]
    found = _sight(clients, [Party(id="7", name="John Smith")])
    assert found
    assert all(one.sure is not Sure.CERTAIN for one in found)


def test_the_connectors_mark_tells_namesakes_apart() -> None:
    clients = [_client(1, "John Smith"), _client(2, "John Smith")]
    customers = [Party(id="7", name="John Smith Clio 2"), Party(id="8", name="John Smith Clio 1")]
    found = {one.subject: (one.books_id, one.sure) for one in _sight(clients, customers)}
    assert found == {"contacts/1": ("8", Sure.CERTAIN), "contacts/2": ("7", Sure.CERTAIN)}


def test_an_inactive_customer_is_likely_with_the_reasons() -> None:
    customers = [Party(id="7", name="ACME Holdings LLC", active=False)]
    (found,) = _sight([_client(1, "Acme Holdings, LLC")], customers)
    assert (found.sure, found.books_id) == (Sure.LIKELY, "7")
    assert "it is inactive in QuickBooks" in found.reasons


def test_another_mail_address_leaves_it_to_a_person_and_the_same_one_helps() -> None:
    one = _client(1, "J. Doe", email="jane@doe.test")
    (same,) = _sight([one], [Party(id="7", name="Jane Doe", email="JANE@doe.test")])
    assert same.sure is Sure.CERTAIN
    (other,) = _sight(
        [_client(1, "Jane Doe", email="a@b.test")], [Party(id="7", name="Jane Doe", email="c@d.test")]
    )
    assert (other.sure, other.conflict) == (Sure.DOUBTFUL, True)


def test_two_equal_payments_are_left_to_a_person_and_a_reference_tells_them_apart() -> None:
    day = date(2026, 9, 1)

    def both(references: tuple[str, str]) -> list[Found]:
        records = [
            Record(
                subject=f"payments/{n}",
                kind="payment",
                amount=500,
                day=day,
                clients=frozenset({"contacts/1"}),
                parts=(("bills/1", 500),),
                reference=text,
            )
            for n, text in enumerate(references)
        ]
        standing = [
            Standing(
                kind="payment",
                id=f"{n}",
                amount=500,
                day=day,
                customer="7",
                applied=(("30", 500),),
                reference=text,
            )
            for n, text in enumerate(references)
        ]
        return _sight(
            [],
            [],
            records=records,
            standing=standing,
            linked={"bills/1": ("invoice", "30")},
            owners={"7": "contacts/1"},
        )

    assert {one.sure for one in both(("", ""))} == {Sure.DOUBTFUL}
    told = {one.subject: (one.books_id, one.sure) for one in both(("101", "102"))}
    assert told == {"payments/0": ("0", Sure.CERTAIN), "payments/1": ("1", Sure.CERTAIN)}
