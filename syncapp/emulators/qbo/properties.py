"""The top-level properties of each object (API.md 8, from Intuit's field tables), by name only."""

# ruff: noqa: E501  names stand in blocks

from __future__ import annotations

_TXN = """
TxnDate DocNumber PrivateNote CurrencyRef ExchangeRate DepartmentRef Line TxnTaxDetail LinkedTxn CustomField
TxnSource GlobalTaxCalculation TransactionLocationType ProjectRef AttachableRef
"""
_SALE = f"""{_TXN}
CustomerRef ClassRef CustomerMemo BillEmail BillEmailCc BillEmailBcc BillAddr ShipAddr ShipFromAddr
PrintStatus EmailStatus SalesTermRef ApplyTaxAfterDiscount PaymentMethodRef PaymentRefNum DepositToAccountRef
ShipDate TrackingNum ShipMethodRef FreeFormAddress
"""
_NAME = """
DisplayName Title GivenName MiddleName FamilyName Suffix CompanyName PrintOnCheckName Active PrimaryPhone
AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr BillAddr ShipAddr Notes CurrencyRef OtherAddr Source
PrimaryTaxIdentifier SecondaryTaxIdentifier GSTIN GSTRegistrationType BusinessNumber
"""
_TEXTS: dict[str, str] = {
    "Invoice": f"""{_SALE} DueDate Deposit AllowOnlineACHPayment AllowOnlineCreditCardPayment
    AllowOnlinePayment AllowIPNPayment""",
    "CreditMemo": f"{_SALE} InvoiceRef",
    "SalesReceipt": f"{_SALE} CreditCardPayment",
    "RefundReceipt": f"{_SALE} PaymentType CheckPayment CreditCardPayment",
    "Payment": f"""{_TXN} CustomerRef TotalAmt PaymentMethodRef PaymentRefNum DepositToAccountRef ARAccountRef
    ProcessPayment CreditCardPayment""",
    "JournalEntry": f"{_TXN} Adjustment TaxRateRef",
    "Deposit": f"{_TXN} DepositToAccountRef CashBack",
    "Purchase": f"""{_TXN} PaymentType AccountRef EntityRef PrintStatus Credit PaymentMethodRef PurchaseEx
    RemitToAddr""",
    "Transfer": "FromAccountRef ToAccountRef Amount PrivateNote TxnDate CurrencyRef ExchangeRate",
    "Bill": f"{_TXN} VendorRef APAccountRef SalesTermRef DueDate",
    "Customer": f"""{_NAME} Job ParentRef BillWithParent Taxable ResaleNum DefaultTaxCodeRef SalesTermRef
    PaymentMethodRef PreferredDeliveryMethod CustomerTypeRef TaxExemptionReasonId ARAccountRef OpenBalanceDate""",
    "Vendor": f"""{_NAME} Vendor1099 TaxIdentifier AcctNum TermRef APAccountRef CostRate BillRate
    OtherContactInfo HasTPAR T4AEligible T5018Eligible TaxReportingBasis VendorPaymentBankDetail""",
    "Employee": f"""{_NAME} PrimaryAddr SSN HiredDate ReleasedDate EmployeeNumber BillableTime BillRate CostRate
    Gender BirthDate Organization EmployeeType""",
    "Account": """Name AcctNum AccountType AccountSubType Description ParentRef Active CurrencyRef OpenBalance
    OpenBalanceDate TaxCodeRef AccountAlias TxnLocationType""",
    "Item": """Name Type Description PurchaseDesc UnitPrice PurchaseCost Sku Taxable Active ParentRef SubItem
    IncomeAccountRef ExpenseAccountRef AssetAccountRef SalesTaxCodeRef PurchaseTaxCodeRef ClassRef TrackQtyOnHand
    QtyOnHand InvStartDate ItemGroupDetail PrintGroupedItems ItemCategoryType SalesTaxIncluded ReorderPoint
    PurchaseTaxIncluded PrefVendorRef TaxClassificationRef""",
    "Class": "Name ParentRef SubClass Active",
    "Department": "Name ParentRef SubDepartment Active",
    "Term": """Name Active Type DiscountPercent DiscountDays DueDays DayOfMonthDue DueNextMonthDays
    DiscountDayOfMonth""",
    "PaymentMethod": "Name Active Type",
}
WRITABLE: dict[str, frozenset[str]] = {name: frozenset(text.split()) for name, text in _TEXTS.items()}
ALWAYS = frozenset({"Id", "SyncToken", "MetaData", "domain", "sparse", "time", "status", "type"})
READ_ONLY = frozenset(
    [
        "TotalAmt",
        "HomeTotalAmt",
        "Balance",
        "HomeBalance",
        "BalanceWithJobs",
        "UnappliedAmt",
        "RemainingCredit",
        "FullyQualifiedName",
        "Level",
        "SubAccount",
        "Classification",
        "CurrentBalance",
        "CurrentBalanceWithSubAccounts",
        "DeliveryInfo",
        "InvoiceLink",
        "RecurDataRef",
        "TaxExemptionRef",
        "IsProject",
        "SubClass",
        "SubDepartment",
        "SubItem",
        "RemitToAddr",
        "HomeAmtTotal",
    ]
)
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
