"""The fields of the kinds of record that Clio lists, by name, as its API document of 2026-08-12 has them.

`(plain fields, one related record, many related records)`; a relation reads `name:Kind`.
"""

from __future__ import annotations

MAIN: dict[str, tuple[str, str, str]] = {
    "User": (
        (
            "account_owner clio_connect court_rules_default_attendee created_at default_calendar_id "
            "email enabled etag first_name id initials last_name locale name phone_number rate roles "
            "subscription_type time_zone updated_at"
        ),
        (
            "account:Account avatar:Avatar contact:Contact "
            "default_activity_description:ActivityDescription job_title:JobTitle"
        ),
        "groups:Group notification_methods:NotificationMethod",
    ),
    "Contact": (
        (
            "client_connect_user_id clio_connect_email created_at date_of_birth etag first_name "
            "has_clio_for_clients_permission id initials is_bill_recipient is_client "
            "is_clio_for_client_user is_co_counsel last_name ledes_client_id "
            "locked_clio_connect_email middle_name name prefix primary_email_address "
            "primary_phone_number require_utbms_codes sales_tax_number secondary_email_address "
            "secondary_phone_number title type updated_at"
        ),
        (
            "currency:Currency avatar:Avatar co_counsel_rate:ActivityRate company:Contact "
            "folder:Folder legal_aid_uk_contact:LegalAidUkContact payment_profile:PaymentProfile "
            "primary_address:Address primary_web_site:WebSite primary_work_address:Address "
            "secondary_address:Address"
        ),
        (
            "account_balances:AccountBalance activity_rates:ActivityRate addresses:Address "
            "custom_field_set_associations:CustomFieldSetAssociation "
            "custom_field_values:CustomFieldValue email_addresses:EmailAddress "
            "instant_messengers:InstantMessenger kyc_field_values:KycFieldValue "
            "notification_methods:NotificationMethod phone_numbers:PhoneNumber "
            "related_contacts:Contact web_sites:WebSite"
        ),
    ),
    "Matter": (
        (
            "billable billing_method client_id client_reference close_date created_at custom_number "
            "description display_number etag has_tasks id last_activity_date location "
            "maildrop_address matter_stage_updated_at number open_date pending_date "
            "require_utbms_codes shared status updated_at"
        ),
        (
            "currency:Currency attorney_allocation:AttorneyAllocation client:Contact "
            "contingency_fee:ContingencyFee custom_rate:MatterCustomRate "
            "evergreen_retainer:EvergreenRetainer folder:Folder group:Group "
            "legal_aid_uk_matter:LegalAidUkMatter matter_budget:MatterBudget matter_stage:MatterStage "
            "originating_attorney:User practice_area:PracticeArea responsible_attorney:User "
            "responsible_staff:User statute_of_limitations:Task user:User"
        ),
        (
            "account_balances:AccountBalance custom_field_set_associations:CustomFieldSetAssociation "
            "custom_field_values:CustomFieldValue kyc_field_values:KycFieldValue "
            "matter_bill_recipients:MatterBillRecipient relationships:Relationship "
            "split_invoice_payers:SplitInvoicePayer "
            "task_template_list_instances:TaskTemplateListInstace"
        ),
    ),
    "PracticeArea": (
        "category code created_at etag id name updated_at",
        "",
        "",
    ),
    "Activity": (
        (
            "billed contingency_fee created_at date etag flat_rate id no_charge non_billable "
            "non_billable_total note on_bill price quantity quantity_in_hours quantity_redacted "
            "reference rounded_quantity rounded_quantity_in_hours tax_setting total type updated_at"
        ),
        (
            "currency:Currency activity_description:ActivityDescription bill:Bill "
            "calendar_entry:Activity_CalendarEntry client_portal:ClientPortal "
            "communication:Communication contact_note:Note document_version:DocumentVersion "
            "expense_category:ExpenseCategory legal_aid_uk_activity:LegalAidUkActivity matter:Matter "
            "matter_note:Note subject:PolymorphicObject task:Activity_Task "
            "text_message_conversation:Activity_TextMessageConversation timer:Timer user:User "
            "utbms_expense:UtbmsCode vendor:Contact"
        ),
        "input_tax_settings:TaxSetting tax_settings:TaxSetting",
    ),
    "ActivityDescription": (
        (
            "accessible_to_user category_type created_at default description etag id name type "
            "updated_at utbms_activity_id utbms_task_id utbms_task_name visible_to_co_counsel "
            "xero_service_code"
        ),
        "currency:Currency rate:ActivityDescriptionRate utbms_activity:UtbmsCode utbms_task:UtbmsCode",
        "groups:Group",
    ),
    "ExpenseCategory": (
        (
            "accessible_to_user created_at description entry_type etag id name rate tax_setting "
            "updated_at xero_expense_code"
        ),
        "currency:Currency utbms_code:UtbmsCode",
        "input_tax_settings:TaxSetting tax_settings:TaxSetting groups:Group",
    ),
    "Bill": (
        (
            "available_state_transitions balance can_update created_at credits_issued "
            "discount_services_only due due_at end_at etag id issued_at kind last_sent_at memo number "
            "paid paid_at pending purchase_order secondary_tax_rate secondary_tax_sum "
            "secondary_taxable_sub_total services_secondary_tax services_secondary_taxable_sub_total "
            "services_sub_total services_tax services_taxable_sub_total shared start_at state "
            "sub_total subject tax_rate tax_sum taxable_sub_total total total_tax type updated_at"
        ),
        (
            "bill_theme:BillTheme billing_setting:BillingSetting client:Contact currency:Currency "
            "destination_account:BankAccount discount:Discount group:Group interest:Interest "
            "legal_aid_uk_bill:LegalAidUkBill original_bill:Bill split_invoice:SplitInvoice user:User"
        ),
        "balances:Balance client_addresses:Address matter_totals:MatterBalance matters:Matter",
    ),
    "LineItem": (
        (
            "created_at date description etag group_ordering id kind note price quantity "
            "secondary_tax secondary_taxable sub_total tax taxable total type updated_at"
        ),
        (
            "activity:Activity bill:Bill discount:Discount included_line_item_totals:LineItemTotals "
            "matter:Matter user:User"
        ),
        "tax_settings:LineItemTax",
    ),
    "Allocation": (
        (
            "amount created_at date description destroyable etag has_online_payment id interest "
            "payment_type updated_at voided_at"
        ),
        (
            "bill:Bill contact:Contact destination_bank_account:BankAccount matter:Matter "
            "parent:PolymorphicObject source_bank_account:BankAccount"
        ),
        "",
    ),
    "CreditMemo": (
        "amount created_at date description discount etag id updated_at voided_at",
        "contact:Contact user:User",
        "allocations:Allocation",
    ),
    "InterestCharge": (
        "created_at date description etag id total updated_at",
        "bill:Bill",
        "balances:Balance matters:Matter",
    ),
    "BankAccount": (
        (
            "account_number balance bank_transactions_count clio_payment_page_link "
            "clio_payment_page_qr_code clio_payments_enabled compliance_region controlled_account "
            "created_at currency currency_id currency_symbol default_account domicile_branch etag "
            "general_ledger_number holder id institution name swift transit_number type updated_at"
        ),
        "user:User",
        "",
    ),
    "BankTransaction": (
        (
            "amount bank_account_id clio_payments_transaction confirmation created_at currency "
            "currency_id current_account_balance date description etag exchange_rate funds_in "
            "funds_out id payer_payee read_only_confirmation source transaction_type type updated_at"
        ),
        "allocation:Allocation bank_account:BankAccount bill:Bill client:Contact matter:Matter",
        "",
    ),
    "BankTransfer": (
        "amount created_at date description etag id primary_authorizer secondary_authorizer updated_at",
        "client:Contact destination_account:BankAccount matter:Matter source_account:BankAccount",
        "",
    ),
    "MatterTransfer": (
        "amount created_at date description etag id primary_authorizer secondary_authorizer type updated_at",
        "bank_account:BankAccount client:Contact destination_matter:Matter source_matter:Matter",
        "",
    ),
    "TrustLineItem": (
        "created_at date etag id note total updated_at",
        "bill:Bill client:Contact matter:Matter",
        "",
    ),
    "Currency": (
        "code created_at etag id sign updated_at",
        "",
        "",
    ),
    "Group": (
        "client_connect_user etag id name type updated_at",
        "",
        "users:User",
    ),
    "BillingSetting": (
        (
            "apply_secondary_tax_by_default apply_tax_by_default billing_currencies created_at "
            "currency currency_sign etag id multi_currency_billing notify_after_bill_created "
            "rounded_duration rounding secondary_tax_name secondary_tax_rate secondary_tax_rule "
            "tax_name tax_rate time_on_flat_rate_contingency_matters_is_non_billable updated_at "
            "use_decimal_rounding use_secondary_tax use_utbms_codes"
        ),
        "",
        "tax_settings:TaxSetting",
    ),
    "TaxRateConfiguration": (
        (
            "active country created_at etag formatted_rate_as_percentage id is_system name rate "
            "rate_as_percentage region updated_at"
        ),
        "",
        "",
    ),
    "Webhook": (
        "created_at etag events expires_at fields id model shared_secret status updated_at url",
        "user:User",
        "",
    ),
    "OutstandingClientBalance": (
        (
            "associated_matter_ids created_at etag id last_payment_date last_shared_date "
            "newest_issued_bill_due_date pending_payments_total reminders_enabled "
            "total_outstanding_balance updated_at"
        ),
        "contact:Contact currency:Currency",
        "outstanding_bills:Bill",
    ),
    "BillableMatter": (
        "amount_in_trust currency_code currency_id display_number id unbilled_amount unbilled_hours",
        "client:Contact",
        "",
    ),
    "Account": (
        "address city country created_at etag fax id name phone postal_code province state updated_at",
        "owner:User",
        "",
    ),
    "Address": (
        "city country created_at etag id name postal_code primary province street updated_at",
        "",
        "",
    ),
    "EmailAddress": (
        "address created_at etag id name primary updated_at",
        "",
        "",
    ),
    "PhoneNumber": (
        "created_at etag id name number primary updated_at",
        "",
        "",
    ),
    "SplitInvoicePayer": (
        "contact_id created_at etag id matter_id send_to_bill_recipients split_portion updated_at",
        "",
        "",
    ),
}
