"""The public client python-quickbooks, over real HTTP, finds what it expects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from quickbooks import QuickBooks
from quickbooks.batch import batch_create, batch_delete
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import QuickbooksException, ValidationException
from quickbooks.objects import (
    Account,
    Attachable,
    AttachableRef,
    Customer,
    Deposit,
    Invoice,
    Item,
    JournalEntry,
    Payment,
    PaymentLine,
    SalesItemLine,
)
from quickbooks.objects.detailline import SalesItemLineDetail
from requests_oauthlib import OAuth2Session

from syncapp.emulators.qbo import seed
from syncapp.emulators.wire import Running


@pytest.fixture
def client(books, monkeypatch) -> Iterator[QuickBooks]:
    with Running(books.app) as url:
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        monkeypatch.setattr(QuickBooks, "api_url_v3", f"{url}/v3")
        made = QuickBooks(company_id=books.co.realm, minorversion=75)
        made.session = OAuth2Session(
            "qbo-client", token={"access_token": books.token, "token_type": "Bearer"}
        )
        yield made
        made.session.close()


def invoice_for(books, client, amount: float, number: str) -> Invoice:
    line = SalesItemLine()
    line.Amount = amount
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = Item.get(seed.item(books.co, "Legal Fees"), qb=client).to_ref()
    invoice = Invoice()
    invoice.CustomerRef = Customer.get(1, qb=client).to_ref()
    invoice.Line.append(line)
    invoice.DocNumber = number
    return invoice


def test_it_makes_reads_updates_and_finds_a_customer(client):
    customer = Customer()
    customer.DisplayName = "Grace Hopper"
    customer.save(qb=client)
    customer.CompanyName = "Navy"
    customer.save(qb=client)

    found = Customer.filter(DisplayName="Grace Hopper", qb=client)

    assert [(row.Id, row.CompanyName, row.SyncToken) for row in found] == [(customer.Id, "Navy", "1")]
    assert Customer.count(qb=client) == 3
    twin = Customer()
    twin.DisplayName = "grace hopper"
    with pytest.raises(QuickbooksException):
        twin.save(qb=client)


def test_it_bills_takes_a_payment_and_voids_both(books, client):
    invoice = invoice_for(books, client, 250.10, "P-1")
    invoice.save(qb=client)
    line = PaymentLine()
    line.Amount = 250.10
    line.LinkedTxn.append(invoice.to_linked_txn())
    payment = Payment()
    payment.CustomerRef = invoice.CustomerRef
    payment.TotalAmt = 250.10
    payment.Line.append(line)
    payment.save(qb=client)
    assert Invoice.get(invoice.Id, qb=client).Balance == 0

    payment.void(qb=client)
    Invoice.get(invoice.Id, qb=client).void(qb=client)

    assert Payment.get(payment.Id, qb=client).TotalAmt == 0
    assert Invoice.get(invoice.Id, qb=client).TotalAmt == 0
    assert books.balances() == {}


def test_it_sends_batches_and_reads_changes(books, client):
    before = books.app.clock.now() - timedelta(seconds=1)
    made = batch_create([invoice_for(books, client, 10 + n, f"B-{n}") for n in range(3)], qb=client)
    assert (len(made.successes), len(made.faults)) == (3, 0)
    gone = batch_delete(made.successes[:1], qb=client)
    assert len(gone.faults) == 0

    changes = change_data_capture([Invoice, Customer], before.isoformat(), qb=client)

    states = [getattr(one, "status", None) for one in changes.Invoice._object_list]
    assert states == [None, None, "Deleted"]


def test_it_reads_lists_and_raises_what_quickbooks_refuses(books, client):
    names = {account.Name for account in Account.all(max_results=1000, qb=client)}
    assert {"IOLTA Trust Account", "Client Funds Held in Trust"} <= names
    assert Deposit.all(qb=client) == []
    assert JournalEntry.all(qb=client) == []
    with pytest.raises(ValidationException) as refused:
        Invoice.query("select * from Invoice where PrivateNote = 'x'", qb=client)
    assert refused.value.error_code == 4001


def test_it_attaches_a_file_to_an_invoice_finds_it_and_takes_it_away(books, client, tmp_path):
    # It asks that the connection be closed after the file: unless the answer says that it is, the next call
    # goes out on a connection that nobody reads any more.
    invoice = invoice_for(books, client, 100, "A-1")
    invoice.save(qb=client)
    paper = tmp_path / "bill.pdf"
    paper.write_bytes(b"%PDF-1.4 bill")
    made = Attachable()
    made.AttachableRef.append(AttachableRef())
    made.AttachableRef[0].EntityRef = invoice.to_ref()
    made.FileName, made.ContentType, made.Note = "bill.pdf", "application/pdf", "ours"
    made._FilePath = str(paper)
    made.save(qb=client)
    [row] = Attachable.where(
        f"AttachableRef.EntityRef.Type = 'Invoice' AND AttachableRef.EntityRef.Value = '{invoice.Id}'",
        qb=client,
    )
    assert (row.FileName, row.Note, books.co.files[row.Id]) == ("bill.pdf", "ours", b"%PDF-1.4 bill")
    row.delete(qb=client)
    assert not Attachable.all(qb=client)
