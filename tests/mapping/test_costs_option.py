"""Costs on an invoice of their own: by page and by firm file, and never unless the firm says so."""

from __future__ import annotations

from datetime import date

import pytest

from mapping.option_forms import OptionsForm, initial_of, options_from
from mapping.options import resolve
from syncapp.core.books import Chart
from syncapp.pipeline.firmfile.reading import Unreadable, read

START = dict.fromkeys(("bills", "payments", "credits"), "2026-01-01")
FILE = """
version: 1
firm: {slug: cedar, name: Cedar LLP}
books: [{name: main, ledger: qbo, start: {bills: 2026-01-01, payments: 2026-01-01, credits: 2026-01-01},
  invoices: {costs: own, costs_suffix: -X, paid_first: fees}}]
"""


def test_the_page_keeps_what_is_not_usual_and_the_planner_reads_it() -> None:
    raw = {"start": START, "invoices": {"costs": "own", "costs_suffix": "-X", "paid_first": "fees"}}
    found = initial_of(raw) | {"start_bills": date(2026, 1, 1)}
    found |= {"start_payments": date(2026, 1, 1), "start_credits": date(2026, 1, 1)}

    kept = options_from(found, [], {})["invoices"]
    chosen = resolve(raw, Chart(), pins={}).options

    assert {key: kept[key] for key in raw["invoices"]} == raw["invoices"]
    assert (chosen.costs, chosen.costs_suffix, chosen.paid_first) == ("own", "-X", "fees")
    assert initial_of({})["costs"] == "together"
    assert "costs" not in options_from(found | {"costs": "together"}, [], {})["invoices"]
    assert "What has posted stays." in str(OptionsForm(chart=Chart(), raw={})["costs"].help_text)


def test_the_firm_file_takes_it_and_refuses_what_is_no_choice() -> None:
    read(FILE)
    for wrong in ("costs: apart", "costs: own, costs_suffix: -MUCHTOOLONG"):
        with pytest.raises(Unreadable):
            read(FILE.replace("costs: own", wrong).replace(", costs_suffix: -X", "", 1))
