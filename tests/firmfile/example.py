"""A firm file with every key the format knows."""

from __future__ import annotations

EXAMPLE = """
version: 1
firm:
  slug: ash-birch
  name: Ash & Birch LLP
  time_zone: America/New_York
  currency: USD
  jurisdiction: NC
people:
  - {email: admin@ash-birch.test, role: administrator}
  - {email: books@ash-birch.test, role: bookkeeper, name: Bea Books}
  - {email: partner@ash-birch.test, role: partner}
  - {email: cpa@ash-birch.test, role: auditor, until: 2027-03-31}
  - email: bar@ash-birch.test
    role: auditor
    until: 2027-06-30
    accounts: [IOLTA]
    from: 2025-07-01
    to: 2026-06-30
source:
  provider: clio
  region: us
books:
  - name: main
    ledger: qbo
    start: {bills: 2026-01-01, payments: 2026-01-01, credits: 2026-01-01, trust: 2026-01-01}
    customers:
      matters_as: sub-customers
      client_name: "{client}"
      matter_name: "{matter_number} {client}"
    invoices:
      number_prefix: ""
      lines: detail
      several_matters: one
      tax: aggregate
      narrative: false
    mapping:
      rules:
        - {when: {line: time, practice_area: Litigation}, item: Litigation Fees, class: Litigation}
        - {when: {line: time}, item: Legal Fees}
        - {when: {line: expense, cost: hard}, item: Advanced Costs Recovered}
        - {when: {line: expense, expense_category: Filing Fees}, item: Filing Fees Recovered, location: id:7}
        - {when: {line: expense}, item: Costs Recovered}
        - {when: {line: discount}, account: Discounts Given}
        - {when: {line: write_off, of: costs}, item: Costs Written Off}
        - {when: {line: write_off}, item: Write-offs}
      fallback: hold
    deposits:
      - {clio_bank_account: Operating Checking, account: Operating Bank}
      - {clio_bank_account: Operating Checking, method: Credit Card, account: Card Clearing}
      - {otherwise: Undeposited Funds}
    retainers: {liability: Client Retainers Operating, item: Operating Retainer}
    openings: {item: Opening Balances}
    rounding: {item: Write-offs, up_to: "0.05"}
    trust:
      - clio_account: IOLTA
        kind: pooled
        operating: Operating Bank
        bank: IOLTA Trust Account
        liability: Client Funds Held in Trust
        client_as: customer
        opening: clio
        post: [deposit, disbursement, refund, transfer, bill_payment, interest, bank_charge]
  - name: second
    ledger: qbo
schedule: {bills: on-event, payments: hourly, trust: daily 18:00}
cases:
  auto:
    - {name: Own, cause: duplicate_number, answer: renumber, by: books@ash-birch.test, up_to: "500.00"}
approvals: {trust_over: "10000.00"}
"""
