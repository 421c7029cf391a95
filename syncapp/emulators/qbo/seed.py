"""A law firm's company as a bookkeeper would have set it up (DESIGN section 9, API.md 10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from syncapp.emulators.qbo.company import Company, Obj, Switches
from syncapp.emulators.qbo.writing import Act, create, update
from syncapp.emulators.wire import Clock

BOOKKEEPER = Act(who="Dana Whitfield")
OTHER_ASSET, OTHER_LIABILITY = "Other Current Asset", "Other Current Liability"
CHART = (
    ("Operating Bank", "Bank", "Checking"),
    ("IOLTA Trust Account", "Bank", "TrustAccounts"),
    ("Undeposited Funds", OTHER_ASSET, "UndepositedFunds"),
    ("Accounts Receivable", "Accounts Receivable", "AccountsReceivable"),
    ("Advanced Client Costs", OTHER_ASSET, "OtherCurrentAssets"),
    ("Accounts Payable", "Accounts Payable", "AccountsPayable"),
    ("Client Funds Held in Trust", OTHER_LIABILITY, "TrustAccountsLiabilities"),
    ("Client Retainers Operating", OTHER_LIABILITY, "OtherCurrentLiabilities"),
    ("Sales Tax Payable", OTHER_LIABILITY, "SalesTaxPayable"),
    ("Legal Fees", "Income", "ServiceFeeIncome"),
    ("Litigation Fees", "Income", "ServiceFeeIncome"),
    ("Costs Recovered", "Income", "ServiceFeeIncome"),
    ("Filing Fees Recovered", "Income", "ServiceFeeIncome"),
    ("Late Interest", "Income", "OtherPrimaryIncome"),
    ("Discounts Given", "Income", "DiscountsRefundsGiven"),
    ("Write-offs", "Income", "DiscountsRefundsGiven"),
    ("Costs Written Off", "Expense", "BadDebts"),
    ("Bank Charges", "Expense", "BankCharges"),
    ("Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses"),
    ("Rent", "Expense", "RentOrLeaseOfBuildings"),
    ("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    ("Retained Earnings", "Equity", "RetainedEarnings"),
)
ITEMS = (
    ("Services", "Legal Fees"),
    ("Legal Fees", "Legal Fees"),
    ("Litigation Fees", "Litigation Fees"),
    ("Advanced Costs Recovered", "Advanced Client Costs"),
    ("Filing Fees Recovered", "Filing Fees Recovered"),
    ("Costs Recovered", "Costs Recovered"),
    ("Late Interest", "Late Interest"),
    ("Sales Tax Collected", "Sales Tax Payable"),
    ("Costs Written Off", "Costs Written Off"),
    ("Write-offs", "Write-offs"),
    ("Operating Retainer", "Client Retainers Operating"),
    ("Opening Balances", "Opening Balance Equity"),
)
CLASSES = ("Litigation", "Corporate", "Estates", "Real Estate", "Family")
DEPARTMENTS = ("Main Office", "Downtown")
TERMS = (("Due on receipt", 0), ("Net 15", 15), ("Net 30", 30), ("Net 60", 60))
METHODS = ("Cash", "Check", "Credit Card", "ACH", "Wire Transfer", "Trust")
EPOCH = datetime(2024, 1, 2, 17, tzinfo=UTC)


def company(*, realm: str, name: str, clock: Clock, switches: Switches | None = None) -> Company:
    """A company with the law firm's chart, items, classes, locations, terms and preferences; no names yet."""
    co = Company(realm, name, clock, switches or Switches())
    _settings(co)
    for account, kind, subtype in CHART:
        create(co, "Account", {"Name": account, "AccountType": kind, "AccountSubType": subtype}, BOOKKEEPER)
    for label in CLASSES:
        create(co, "Class", {"Name": label}, BOOKKEEPER)
    for label in DEPARTMENTS:
        create(co, "Department", {"Name": label}, BOOKKEEPER)
    for label, days in TERMS:
        create(co, "Term", {"Name": label, "DueDays": days}, BOOKKEEPER)
    for label in METHODS:
        kind = "CREDIT_CARD" if label == "Credit Card" else "NON_CREDIT_CARD"
        create(co, "PaymentMethod", {"Name": label, "Type": kind}, BOOKKEEPER)
    _items(co)
    return co


def _items(co: Company) -> None:
    wanted = co.switches.item_liability
    co.switches.item_liability = "accept"  # the screen allows what the API may refuse (API.md 8.4)
    for label, account in ITEMS:
        income = {"value": co.account(account)}
        create(co, "Item", {"Name": label, "Type": "Service", "IncomeAccountRef": income}, BOOKKEEPER)
    income = {"value": co.account("Legal Fees")}
    old = create(
        co, "Item", {"Name": "Fax and Telex", "Type": "Service", "IncomeAccountRef": income}, BOOKKEEPER
    )
    update(co, "Item", {**old, "Active": False}, BOOKKEEPER)
    create(co, "Item", {"Name": "Flat Fee Matters", "Type": "Category"}, BOOKKEEPER)
    parts = [
        {"ItemRef": {"value": item(co, label)}, "Qty": 1} for label in ("Legal Fees", "Filing Fees Recovered")
    ]
    bundle = {"Name": "Incorporation Package", "Type": "Group", "ItemGroupDetail": {"ItemGroupLine": parts}}
    create(co, "Item", bundle, BOOKKEEPER)
    co.switches.item_liability = wanted


def item(co: Company, name: str) -> str:
    """The id of an item by its name. Raises StopIteration when there is none."""
    return next(i for i, one in co.store["Item"].items() if one["Name"] == name)


def _settings(co: Company) -> None:
    now = co.stamp()
    head: Obj = {"Id": "1", "SyncToken": "0", "MetaData": {"CreateTime": now, "LastUpdatedTime": now}}
    address = {
        "Line1": "100 Court Street",
        "City": "Portland",
        "CountrySubDivisionCode": "OR",
        "PostalCode": "97204",
    }
    pairs = {
        "NeoEnabled": "true",
        "IndustryType": "Offices of Lawyers",
        "SubscriptionStatus": "PAID",
        "OfferingSku": "QuickBooks Online Plus",
    }
    co.store["CompanyInfo"]["1"] = {
        **head,
        "CompanyName": co.name,
        "LegalName": f"{co.name} LLP",
        "CompanyAddr": {**address, "Country": "USA"},
        "Country": "US",
        "Email": {"Address": "books@example.test"},
        "FiscalYearStartMonth": "January",
        "CompanyStartDate": "2024-01-02",
        "SupportedLanguages": "en",
        "DefaultTimeZone": "America/Los_Angeles",
        "NameValue": [{"Name": name, "Value": value} for name, value in pairs.items()],
    }
    co.store["Preferences"]["1"] = {**head, **_preferences(co)}
    for code, taxable in (("TAX", True), ("NON", False)):
        co.store["TaxCode"][code] = {
            **head,
            "Id": code,
            "Name": code,
            "Active": True,
            "Taxable": taxable,
            "FullyQualifiedName": code,
        }


def _preferences(co: Company) -> Obj:
    tax: Obj = {"UsingSalesTax": co.switches.tax_engine == "on"}
    if co.switches.tax_engine != "absent":  # absent: no AST; false: not set up; true: on (API.md 8.2)
        tax["PartnerTaxEnabled"] = co.switches.tax_engine == "on"
    other = {
        "SalesFormsPrefs.DefaultItem": "1",
        "WarnDuplicateCheckNumber": "true",
        "WarnDuplicateBillNumber": "true",
        "WarnDuplicateJournalNumber": "true",
        "TimeTrackingFeatureEnabled": "false",
    }
    return {
        "AccountingInfoPrefs": {
            "UseAccountNumbers": False,
            "TrackDepartments": True,
            "DepartmentTerminology": "Location",
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": True,
            "FirstMonthOfFiscalYear": "January",
            "CustomerTerminology": "Clients",
        },
        "SalesFormsPrefs": {
            "CustomTxnNumbers": True,
            "AllowDeposit": False,
            "AllowDiscount": True,
            "AllowServiceDate": True,
            "AllowShipping": False,
            "AllowEstimates": False,
            "AutoApplyCredit": False,
            "AutoApplyPayments": False,
            "ETransactionPaymentEnabled": False,
            "EmailCopyToCompany": False,
        },
        "ProductAndServicesPrefs": {"ForSales": True, "ForPurchase": True, "QuantityWithPriceAndRate": True},
        "VendorAndPurchasesPrefs": {"BillableExpenseTracking": True, "TrackingByCustomer": True},
        "TaxPrefs": tax,
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}},
        "ReportPrefs": {"ReportBasis": "Accrual"},
        "OtherPrefs": {"NameValue": [{"Name": name, "Value": value} for name, value in other.items()]},
    }


def law_firm(
    *,
    seed: int = 1,
    clock: Clock | None = None,
    realm: str = "",
    name: str = "Harbor & Finch",
    customers: Iterable[str] = (),
    inactive_customers: Iterable[str] = (),
    vendors: Iterable[str] = ("Multnomah County Circuit Court", "Columbia Process Servers"),
    employees: Iterable[str] = (),
    opening_bank: Decimal = Decimal(0),
    switches: Switches | None = None,
) -> Company:
    """A firm's books before Tieout: deterministic in `seed`, names as given (so that Clio's world matches).

    `opening_bank` in dollars goes to the operating bank against Opening Balance Equity on 2 January 2024.
    """
    clock = clock or Clock()
    co = company(realm=realm or str(9_341_450_000_000_000 + seed), name=name, clock=clock, switches=switches)
    for entity, names in (("Customer", customers), ("Vendor", vendors), ("Employee", employees)):
        for display in names:
            create(co, entity, {"DisplayName": display}, BOOKKEEPER)
    for display in inactive_customers:
        made = create(co, "Customer", {"DisplayName": display}, BOOKKEEPER)
        update(co, "Customer", {**made, "Active": False}, BOOKKEEPER)
    if opening_bank:
        _opening(co, opening_bank)
    return co


def _opening(co: Company, dollars: Decimal) -> None:
    lines = [
        {
            "Amount": dollars,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": co.account(account)}},
        }
        for side, account in (("Debit", "Operating Bank"), ("Credit", "Opening Balance Equity"))
    ]
    entry = {
        "TxnDate": EPOCH.date().isoformat(),
        "Line": lines,
        "DocNumber": "OPEN",
        "PrivateNote": "Opening balance",
    }
    create(co, "JournalEntry", entry, BOOKKEEPER)
