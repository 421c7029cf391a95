"""Which properties an object has: others are refused with 2010, read-only ones ignored (API.md 2, 9)."""

from __future__ import annotations

from typing import Any

from syncapp.emulators.qbo.company import Company, Obj, amount, day
from syncapp.emulators.qbo.errors import Refused, bad_reference, business

ALWAYS = frozenset(["Id", "SyncToken", "MetaData", "domain", "sparse", "time", "status", "type"])
_TXN = "TxnDate DocNumber PrivateNote CurrencyRef ExchangeRate DepartmentRef Line TxnTaxDetail LinkedTxn CustomField "
_TXN += "TxnSource GlobalTaxCalculation TransactionLocationType ProjectRef AttachableRef"
_SALE = f"{_TXN} CustomerRef ClassRef CustomerMemo BillEmail BillEmailCc BillEmailBcc BillAddr ShipAddr ShipFromAddr "
_SALE += "PrintStatus EmailStatus SalesTermRef ApplyTaxAfterDiscount PaymentMethodRef PaymentRefNum DepositToAccountRef "
_SALE += "ShipDate TrackingNum ShipMethodRef FreeFormAddress"
_NAME = "DisplayName Title GivenName MiddleName FamilyName Suffix CompanyName PrintOnCheckName Active PrimaryPhone "
_NAME += (
    "AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr BillAddr ShipAddr Notes CurrencyRef OtherAddr Source "
_NAME += "PrimaryTaxIdentifier SecondaryTaxIdentifier GSTIN GSTRegistrationType BusinessNumber"
)

WRITABLE: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "Invoice": f"{_SALE} DueDate Deposit AllowOnlineACHPayment AllowOnlineCreditCardPayment AllowOnlinePayment "
        "AllowIPNPayment",
        "CreditMemo": f"{_SALE} InvoiceRef",
        "SalesReceipt": f"{_SALE} CreditCardPayment",
        "RefundReceipt": f"{_SALE} PaymentType CheckPayment CreditCardPayment",
        "Payment": f"{_TXN} CustomerRef TotalAmt PaymentMethodRef PaymentRefNum DepositToAccountRef ARAccountRef "
        "ProcessPayment CreditCardPayment",
        "JournalEntry": f"{_TXN} Adjustment TaxRateRef",
        "Deposit": f"{_TXN} DepositToAccountRef CashBack",
        "Purchase": f"{_TXN} PaymentType AccountRef EntityRef PrintStatus Credit PaymentMethodRef PurchaseEx "
        "RemitToAddr",
        "Transfer": "FromAccountRef ToAccountRef Amount PrivateNote TxnDate CurrencyRef ExchangeRate",
        "Bill": f"{_TXN} VendorRef APAccountRef SalesTermRef DueDate",
        "Customer": f"{_NAME} Job ParentRef BillWithParent Taxable ResaleNum DefaultTaxCodeRef SalesTermRef "
        "PaymentMethodRef PreferredDeliveryMethod CustomerTypeRef TaxExemptionReasonId ARAccountRef OpenBalanceDate",
        "Vendor": f"{_NAME} Vendor1099 TaxIdentifier AcctNum TermRef APAccountRef CostRate BillRate OtherContactInfo "
        "HasTPAR T4AEligible T5018Eligible TaxReportingBasis VendorPaymentBankDetail",
        "Employee": f"{_NAME} PrimaryAddr SSN HiredDate ReleasedDate EmployeeNumber BillableTime BillRate CostRate "
        "Gender BirthDate Organization EmployeeType",
        "Account": "Name AcctNum AccountType AccountSubType Description ParentRef Active CurrencyRef OpenBalance "
        "OpenBalanceDate TaxCodeRef AccountAlias TxnLocationType",
        "Item": "Name Type Description PurchaseDesc UnitPrice PurchaseCost Sku Taxable Active ParentRef SubItem "
        "IncomeAccountRef ExpenseAccountRef AssetAccountRef SalesTaxCodeRef PurchaseTaxCodeRef ClassRef TrackQtyOnHand "
        "QtyOnHand InvStartDate ItemGroupDetail PrintGroupedItems ItemCategoryType SalesTaxIncluded PurchaseTaxIncluded "
        "ReorderPoint PrefVendorRef TaxClassificationRef",
        "Class": "Name ParentRef SubClass Active",
        "Department": "Name ParentRef SubDepartment Active",
        "Term": "Name Active Type DiscountPercent DiscountDays DueDays DayOfMonthDue DueNextMonthDays "
        "DiscountDayOfMonth",
        "PaymentMethod": "Name Active Type",
    }.items()
}
_COMPUTED = "TotalAmt HomeTotalAmt Balance HomeBalance BalanceWithJobs UnappliedAmt RemainingCredit FullyQualifiedName "
_COMPUTED += (
    "Level SubAccount Classification CurrentBalance CurrentBalanceWithSubAccounts DeliveryInfo InvoiceLink "
)
_COMPUTED += "RecurDataRef TaxExemptionRef IsProject SubClass SubDepartment SubItem RemitToAddr HomeAmtTotal"
READ_ONLY = frozenset(_COMPUTED.split())
LENGTHS = {
    "DocNumber": 21,
    "PrivateNote": 4000,
    "PaymentRefNum": 21,
    "DisplayName": 500,
    "CompanyName": 100,
    "GivenName": 100,
    "MiddleName": 100,
    "FamilyName": 100,
    "Title": 16,
    "Suffix": 16,
    "Notes": 2000,
    "PrintOnCheckName": 110,
    "Name": 100,
    "AcctNum": 100,
}


def writable(entity: str, given: Obj) -> Obj:
    """The part of a request that counts. Raises Refused 2010 (unknown property), 2050 (too long)."""
    kept: Obj = {}
    for name, value in given.items():
        if name in WRITABLE[entity]:
            if value is not None and value != "":
                check_length(name, value, entity=entity)
                kept[name] = value
        elif name not in ALWAYS and name not in READ_ONLY:
            raise Refused("2010", f"Property Name:{name} specified is unsupported or invalid", element=name)
    return kept


def check_length(name: str, value: Any, *, entity: str = "") -> None:
    """2050 when a text is longer than QuickBooks holds (API.md 8)."""
    top = 31 if name == "Name" and entity in ("Term", "PaymentMethod") else LENGTHS.get(name)
    if top and isinstance(value, str) and len(value) > top:
        detail = f"Invalid String Length : Min:0 Max:{top} supplied:{len(value)}"
        raise Refused("2050", detail, element=name)


def common(co: Company, entity: str, given: Obj) -> Obj:
    """What all transactions share: date, department, note, and the properties as given."""
    obj = writable(entity, given)
    obj["TxnDate"] = day(obj["TxnDate"]).isoformat() if "TxnDate" in obj else co.today().isoformat()
    obj["CurrencyRef"] = {"value": "USD", "name": "United States Dollar"}
    currency = given.get("CurrencyRef")
    if isinstance(currency, dict) and currency.get("value") not in (None, "USD"):
        raise business("The currency of the transaction is invalid for customer/vendor/account.")
    if not co.preference("AccountingInfoPrefs.TrackDepartments"):
        obj.pop("DepartmentRef", None)  # feature off: ignored (API.md 11.20, inferred)
    named(co, obj, "DepartmentRef", "Department")
    return obj


def named(
    co: Company, obj: Obj, name: str, entity: str, *, old: Obj | None = None, required: bool = False
) -> str:
    """Check a reference and put the stored name beside it (names sent by the client are ignored)."""
    before = ((old or {}).get(name) or {}).get("value", "")
    identity = co.reference(obj, name, entity, required=required, old=before)
    if identity:
        extra = {k: v for k, v in obj[name].items() if k == "type"} if isinstance(obj[name], dict) else {}
        obj[name] = {**co.named(entity, identity), **extra}
    else:
        obj.pop(name, None)
    return identity


def entity_reference(co: Company, holder: Obj, name: str, *, kind: str) -> str:
    """An EntityRef whose list is named beside it (Customer, Vendor, Employee)."""
    entity = {"customer": "Customer", "vendor": "Vendor", "employee": "Employee"}.get(kind.lower())
    if entity is None:
        raise Refused("2170", f"Invalid Enumeration : {kind}", element=name)
    identity = co.reference(holder, name, entity)
    if not identity:
        raise bad_reference("Names", "")
    holder[name] = {**holder[name], **co.named(entity, identity)}
    return entity


def positive(value: Any, *, name: str) -> None:
    """6000 for a negative amount."""
    if amount(value, name=name) < 0:
        raise business("You must specify a transaction amount that is 0 or greater.")
