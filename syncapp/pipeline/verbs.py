"""What the road writes into the log, each verb with its sentence; loaded with the app, wherever it runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts import audit


def _posted(facts: Mapping[str, Any]) -> str:
    """Say what was made; a name moves no money."""
    name = str(facts["object"]).startswith("customer ")
    if name:
        return f"{facts['actor']} made {facts['object']}"
    return f"{facts['actor']} posted {facts['object']}, {facts['after']['amount']}"


def _changed(facts: Mapping[str, Any]) -> str:
    """Say what was changed, to what amount; a name has none."""
    changed = f"{facts['actor']} changed {facts['object']}"
    return (
        changed
        if str(facts["object"]).startswith("customer ")
        else f"{changed} to {facts['after']['amount']}"
    )


def _numbered(facts: Mapping[str, Any]) -> str:
    """Say whether what bears a bill's number is the bill, or another one."""
    other = facts["after"]["answer"] == "renumber"
    became = "it is another, and the bill posts under a new number" if other else "it is the same, and linked"
    return f"{facts['actor']} settled the number of {facts['object']}: {became}"


def _day(written: str) -> str:
    try:
        day = date.fromisoformat(written)
    except ValueError:  # an event that does not say it
        return written
    return f"{day.day} {day:%b %Y}"


def _approved(facts: Mapping[str, Any]) -> str:
    """Say which correcting entry was approved, as it was seen."""
    after = facts["after"]
    kind = {"credit_memo": "credit memo", "journal": "journal entry"}.get(after["kind"], after["kind"])
    what = f"{kind} {after['number']} of {after['total']}"
    return f"{facts['actor']} approved the {what}, dated {_day(after['day'])}"


def _returned(facts: Mapping[str, Any]) -> str:
    """Say that the bank took a payment back, when, and for what fee."""
    after = facts["after"]
    fee = f", for a fee of {after['fee']}" if after["fee"] else ""
    return f"{facts['actor']} said that the bank returned the {facts['object']} on {_day(after['day'])}{fee}"


def _taken_back(facts: Mapping[str, Any]) -> str:
    """Say which answer was taken back before a run carried it out, and whose it was."""
    before = facts["before"]
    says = "; ".join(before["says"])
    return f"{facts['actor']} took back the answer of {before['who']} to {facts['object']}: to {says}"


def _waits(facts: Mapping[str, Any]) -> str:
    """Say until when a case waits, and for what."""
    after = facts["after"]
    return f"{facts['actor']} let it wait until {_day(after['day'])}: {after['reason']} ({facts['object']})"


audit.extend(
    {
        "case.assigned": "{actor} gave {object} to {after[to]}",
        "case.due_set": lambda facts: (
            f"{facts['actor']} set {_day(facts['after']['day'])} as the day for {facts['object']}"
        ),
        "case.rested": _waits,
        "case.taken_up": "{actor} takes up again what was to wait: {object}",
        "case.commented": "{actor} wrote about {object}",
        "case.asked": "{actor} asked {after[name]} ({after[email]}) by mail about {object}",
        "case.ask_reminded": "{actor} reminded {after[name]} of the question about {object}",
        "case.ask_ended": "{actor} took the question to {after[name]} back: {object}",
        "case.ask_answered": "{actor} answered by the link: {object}",
        "case.escalated": "{object} was told to {after[to]}: open for {after[days]} working days",
        "firm.cases": "{actor} changed who clears exceptions, and by when",
        "posting.created": _posted,
        "posting.updated": _changed,
        "contact.to_books": lambda facts: (
            f"{facts['actor']} took {', '.join(facts['after'])} of {facts['object']} from Clio to the books"
        ),
        "paper.attached": "{actor} attached {after[name]} to invoice {after[invoice]} of {object}",
        "paper.removed": "{actor} took the older {before[name]} off invoice {before[invoice]} of {object}",
        "contact.to_clio": "{actor} told Clio of a change of client {object}",
        "contact.moved": "{actor} let {object} stand on {after[name]}, into which it was merged",
        "contact.is_client": "{actor} said that {object} is client {after[client]}",
        "contact.not_client": "{actor} said that {object} is no client",
        "contact.asked_again": "{actor} asks again whose customer {object} is",
        "contact.decided": "{actor} decided the {after[field]} of client {object}: {after[value]}",
        "firm.contacts": "{actor} changed whose word holds when a contact differs",
        "posting.voided": "{actor} made {object} void",
        "posting.deleted": "{actor} took {object} back",
        "posting.started": "{actor} started posting to {object}",
        "books.adopted": "{actor} adopted {object}: it stood in the books already",
        "books.not_adopted": "{actor} said that it is another one: {object}",
        "books.adoption_undone": "{actor} undid an adoption: {object}",
        "books.native_off": "{actor} said that Clio's own connection to {object} is off",
        "links.forgotten": "{actor} forgot the {after[links]} links to {object}",
        "hold.retry_asked": "{actor} asked to try {object} again",
        "hold.alarm_closed": "{actor} closed the alarm on {object}",
        "books.made_active": "{actor} made the {object} active again in the books",
        "case.settled_elsewhere": "{actor} said that {after[records]} of {object} are settled elsewhere: "
        "{after[reason]}",
        "case.taken_back": "{actor} took back that {object} was settled elsewhere",
        "case.answer_taken_back": _taken_back,
        "case.mapped": "{actor} settled {object} by a rule: {after[said]}",
        "case.auto_resolved": "{actor} answered {object}: {after[says]}",
        "firm.auto_rules": "{actor} changed the rules that answer exceptions: {after[said]}",
        "record.undone": "{actor} undid {object}: {after[reason]}",
        "record.sent_again": "{actor} let {object}, which was undone, be sent again",
        "case.customer_chosen": "{actor} chose the customer for {object}",
        "case.number_chosen": _numbered,
        "case.correction_approved": _approved,
        "case.drift_restored": "{actor} wants it as it was posted: {object}",
        "case.drift_corrected": "{actor} had it corrected by an entry of its own: {object}",
        "case.answer_untaxed": "{actor} had QuickBooks add no tax of its own: {object}",
        "case.answer_rounded": "{actor} had one rounding line added: {object}",
        "case.drift_accepted": "{actor} accepted it as it stands in the books: {object} {after[reason]}",
        "case.typed_reversed": "{actor} had it reversed by an entry of its own: {object}",
        "case.twin_is_another": "{actor} said that this is another movement: {object}",
        "case.twin_is_it": "{actor} said that it is this movement, to be named in the books: {object}",
        "case.twin_posts": "{actor} let Tieout post what was left to the bank feed: {object}",
        "trust.twin_gone": "{object}, which named a client's money, is gone from the books",
        "trust.entry_gone": "{object}, whose movement Clio has no more, is gone from the books too",
        "case.deposit_named": "{actor} said which deposit came back: {object}",
        "case.payment_returned": _returned,
        "case.deposited_repaired": "{actor} chose to {after[way]}: the {object}",
        "case.payment_charged_back": "{actor} said that the processor took the {object} back, {after[day]}",
        "case.payment_part_charged_back": "{actor} said that the processor took back {after[amount]} of the "
        "{object}, {after[day]}",
        "case.payment_part_given_back": "{actor} said that the dispute about {after[amount]} of the {object} "
        "was won, {after[day]}",
        "case.payment_mistaken": "{actor} said that the {object} was entered by mistake",
        "sync.paused": "{actor} paused {object}: {after[reason]}",
        "sync.resumed": "{actor} let {object} go on",
        "month.drawn": "{actor} drew {after[invoices]} invoices of {object} to compare line by line",
        "month.looked_at": "{actor} signed off invoice {after[invoice]} in the month end of {object}",
        "month.submitted": "{actor} submitted {object} to be locked",
        "month.returned": "{actor} sent {object} back: {after[text]}",
        "month.locked": "{actor} locked {object}",
        "month.moved": "{object} changed after somebody stood for it: {after[text]}",
        "month.reopened": "{actor} opened {object} again: {after[text]}",
        "payout.brought": "{actor} brought in {object} of {after[net]}",
        "payout.told": "{actor} said what the processor took out of {object}: {after[answer]}",
        "payout.chosen": "{actor} said which payments are the charges of {object}",
        "deposit.made": "{actor} made {object} of {after[total]} to {after[bank]}",
        "deposit.taken_back": "{actor} took {object} back: {after[reason]}",
        "firm.reread": "{actor} has the books re-read {after[said]}",
        "firm.schedule": "{actor} changed when {object} posts: {after[said]}",
    }
)
