"""The plain fields of the kinds that only hang on others (discounts, balances, rates, …)."""

from __future__ import annotations

SIDE: dict[str, str] = {
    "Avatar": "_destroy created_at etag id updated_at url",
    "JobTitle": "etag id initials name",
    "NotificationMethod": ("created_at email_address etag id is_default_email_address type updated_at"),
    "AccountBalance": "balance currency_id id name type",
    "ActivityRate": ("co_counsel_contact_id contact_id created_at etag flat_rate id rate updated_at"),
    "CustomFieldSetAssociation": "created_at display_order etag id updated_at",
    "CustomFieldValue": (
        "created_at etag field_display_order field_displayed field_name field_required field_type "
        "id soft_deleted updated_at value"
    ),
    "Folder": "created_at deleted_at etag id locked name root type updated_at",
    "InstantMessenger": "address created_at etag id name updated_at",
    "KycFieldValue": (
        "created_at etag field_label field_name field_possible_values field_type field_value "
        "group id updated_at"
    ),
    "LegalAidUkContact": (
        "disability disability_code ethnicity ethnicity_title financially_eligible gender "
        "gender_title id national_insurance_number"
    ),
    "PaymentProfile": (
        "billing_setting_id created_at discount_period discount_rate etag id interest_period "
        "interest_rate interest_type name terms updated_at"
    ),
    "WebSite": "address created_at default_web_site etag id name updated_at",
    "AttorneyAllocation": (
        "account_id created_at etag id originating_attorney_allocation resource_id resource_type "
        "responsible_attorney_allocation updated_at"
    ),
    "ContingencyFee": "created_at etag id show_contingency_award updated_at",
    "MatterCustomRate": "on_invoice type",
    "EvergreenRetainer": "created_at etag id minimum_threshold updated_at",
    "LegalAidUkMatter": (
        "access_point ait_hearing_centre attended_several_hearings_acting_for_multiple_clients "
        "bill_ho_ucn bill_number_of_attendances bill_outcome_for_the_client_code "
        "bill_stage_reached_code case_reference case_start_date category category_as_string "
        "certificate_effective_date certificate_expiration_date certificate_number "
        "certificate_scope certification_type change_of_solicitor "
        "client_equal_opportunity_monitoring client_type clr_start_date clr_total_profit_costs "
        "cost_limit counsel court court_id court_id_code created_at delivery_location dscc_number "
        "duty_solicitor etag exceptional_case_funding_reference expense_limit fee_scheme "
        "first_conducting_solicitor id irc_surgery laa_office_number legacy_case "
        "legal_representation_number lh_start_date lh_total_disbursements lh_total_profit_costs "
        "linked_matter_id local_authority_number maat_id matter_type matter_type_1 "
        "matter_type_1_code matter_type_1_title matter_type_2 matter_type_2_code "
        "matter_type_2_title matter_type_code matter_types_combined number_of_clients "
        "number_of_clients_seen_at_surgery party police_station post_transfer_clients_represented "
        "postal_application_accepted prior_authority_reference prison_id "
        "prison_law_prior_approval_number procurement_area region related_claims_number "
        "representation_order_date schedule_reference_number scheme_id session_type "
        "solicitor_type standard_fee_category surgery_clients "
        "surgery_clients_resulting_in_a_legal_help_matter_opened surgery_date transfer_date "
        "type_of_advice type_of_service ucn ufn undesignated_area_court updated_at user_type "
        "youth_court"
    ),
    "MatterBillRecipient": "created_at etag id updated_at",
    "MatterBudget": (
        "budget created_at etag id include_expenses notification_threshold notify_users updated_at"
    ),
    "MatterStage": "created_at etag id name order practice_area_id updated_at",
    "Relationship": "created_at description etag id updated_at",
    "Task": (
        "completed_at created_at description description_text_type due_at etag id name "
        "notify_completion permission priority status statute_of_limitations time_entries_count "
        "time_estimated updated_at"
    ),
    "TaskTemplateListInstace": "created_at etag id updated_at",
    "TaxSetting": (
        "order rule tax_rate_configuration_formatted_rate tax_rate_configuration_id "
        "tax_rate_configuration_name tax_rate_configuration_rate"
    ),
    "Activity_CalendarEntry": "calendar_owner_id etag id",
    "ClientPortal": ("created_at etag id unread unread_count unread_notifiable_count updated_at"),
    "Communication": ("body created_at date etag id received_at subject time_entries_count type updated_at"),
    "Note": ("created_at date detail detail_text_type etag id subject time_entries_count type updated_at"),
    "DocumentVersion": (
        "content_type created_at document_id etag filename fully_uploaded id put_url received_at "
        "size updated_at uuid version_number"
    ),
    "LegalAidUkActivity": (
        "activity_sub_category advocacy base_rate bolt_ons bolt_ons_summary court "
        "eligible_for_sqm expert form_of_civil_legal_service id is_custom_rate json_key region "
        "tax_exclusive uplift user_type"
    ),
    "PolymorphicObject": "id identifier secondary_identifier tertiary_identifier type",
    "Activity_Task": "etag id",
    "Activity_TextMessageConversation": "etag id",
    "Timer": "created_at elapsed_time etag id start_time updated_at",
    "UtbmsCode": "code created_at description etag id name type updated_at utbms_set_id",
    "ActivityDescriptionRate": (
        "amount hierarchy non_billable_amount rate_table_category_name rate_table_name type"
    ),
    "Balance": "amount due id interest_amount type",
    "BillTheme": "account_id config created_at default etag id name updated_at",
    "Discount": "early_payment_period early_payment_rate note rate type",
    "Interest": "balance period rate total type",
    "LegalAidUkBill": (
        "additional_travel_payment adjourned_hearing_fee advice_time advocacy_costs bill_type "
        "case_concluded case_stage_level cla_exemption_code cla_reference cmrh_oral "
        "cmrh_telephone cost_of_counsel costs_are_those_of court_location date_of_claim "
        "designated_accredited_representative detention_travel_and_waiting_costs "
        "disbursements_vat exceptional_case_funding_reference exemption_criteria_satisfied "
        "fee_code follow_on_work ho_interview ho_ucn id independent_medical_reports_claimed "
        "jr_form_filling maat_id meetings_attended mht_ref_no net_disbursements net_profit_costs "
        "niat_disbursement_prior_authority_number number_of_attendances outcome_for_the_client "
        "prior_authority_reference profit_costs_ex_vat representation_order_date stage_reached "
        "substantive_hearing travel_and_waiting_costs travel_time value_of_costs waiting_time"
    ),
    "MatterBalance": "amount id",
    "SplitInvoice": (
        "bill_id created_at etag id linked_invoices_display_numbers linked_invoices_ids "
        "split_connection_id split_portion updated_at"
    ),
    "LineItemTax": (
        "amount created_at etag formatted_rate id name order rate rule tax_rate_configuration_id updated_at"
    ),
    "LineItemTotals": "discount_percent price quantity sub_total total",
}
