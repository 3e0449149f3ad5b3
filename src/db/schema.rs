//! The tables as diesel sees them. A test compares this file with both migrated databases, column by column.

use super::types::Uid;

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    service_points (id) {
        id -> Uid,
        parent_id -> Nullable<Uid>,
        path -> Text,
        tier -> Text,
        region_code -> Nullable<Text>,
        name -> Text,
        status -> Text,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        address -> Nullable<Text>,
        longitude_e6 -> Nullable<Integer>,
        latitude_e6 -> Nullable<Integer>,
        contact_name -> Nullable<Text>,
        contact_phone -> Nullable<Binary>,
        version -> BigInt,
        created_by -> Nullable<Uid>,
        request_digest -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    service_point_parents (service_point_id, valid_from) {
        service_point_id -> Uid,
        parent_id -> Uid,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    service_point_keys (key, service_point_id) {
        key -> Text,
        service_point_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    accounts (id) {
        id -> Uid,
        service_point_id -> Uid,
        username -> Text,
        display_name -> Text,
        phone -> Nullable<Binary>,
        password_hash -> Text,
        must_change_password -> Bool,
        status -> Text,
        last_sign_in_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_by -> Nullable<Uid>,
        request_digest -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    past_passwords (account_id, set_at) {
        account_id -> Uid,
        set_at -> Timestamp,
        password_hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    grants (id) {
        id -> Uid,
        account_id -> Uid,
        role -> Text,
        service_point_id -> Uid,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        revoked_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_by -> Nullable<Uid>,
        request_digest -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    sessions (id) {
        id -> Uid,
        account_id -> Uid,
        created_at -> Timestamp,
        refreshed_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        device -> Text,
        address -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    refresh_tokens (digest) {
        digest -> Binary,
        session_id -> Uid,
        issued_at -> Timestamp,
        replaced_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    throttles (key) {
        key -> Text,
        failures -> BigInt,
        since -> Timestamp,
        last_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    audit_events (id) {
        id -> Uid,
        at -> Timestamp,
        actor_kind -> Text,
        actor_id -> Nullable<Uid>,
        action -> Text,
        object_type -> Text,
        object_id -> Uid,
        object_version -> Nullable<BigInt>,
        service_point_id -> Nullable<Uid>,
        reason -> Nullable<Text>,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        content_hash -> Nullable<Binary>,
        request_id -> Text,
        address -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    audit_seals (seq) {
        seq -> BigInt,
        event_id -> Uid,
        digest -> Binary,
        mac -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    audit_unsealed (event_id) {
        event_id -> Uid,
        digest -> Binary,
        mac -> Binary,
    }
}

diesel::table! {
    installation (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    households (id) {
        id -> Uid,
        service_point_id -> Uid,
        head_name -> Nullable<Text>,
        persons -> BigInt,
        address -> Nullable<Text>,
        phone -> Nullable<Binary>,
        phone_tail -> Nullable<Text>,
        external_number -> Nullable<Text>,
        household_type -> Text,
        monitoring_category -> Nullable<Text>,
        risk_causes -> Text,
        status -> Text,
        registered_on -> Date,
        income -> Nullable<Text>,
        consent_on -> Nullable<Date>,
        consent_form -> Nullable<Text>,
        erased_on -> Nullable<Date>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    household_spans (household_id, valid_from) {
        household_id -> Uid,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        service_point_id -> Uid,
        household_type -> Text,
        status -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    household_members (id) {
        id -> Uid,
        household_id -> Uid,
        name -> Nullable<Text>,
        relation -> Text,
        sex -> Text,
        birth_on -> Nullable<Date>,
        identity_number -> Nullable<Binary>,
        identity_hash -> Nullable<Binary>,
        no_identity_reason -> Nullable<Text>,
        ethnicity -> Nullable<Text>,
        education -> Nullable<Text>,
        health -> Text,
        labour_skill -> Nullable<Text>,
        disability_category -> Nullable<Text>,
        disability_grade -> Nullable<Text>,
        disability_certificate -> Nullable<Binary>,
        phone -> Nullable<Binary>,
        phone_tail -> Nullable<Text>,
        present -> Bool,
        joined_on -> Date,
        left_on -> Nullable<Date>,
        leave_reason -> Nullable<Text>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Nullable<Binary>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    household_member_keys (key, member_id) {
        key -> Text,
        member_id -> Uid,
        household_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    transfer_requests (id) {
        id -> Uid,
        household_id -> Uid,
        service_point_id -> Uid,
        state -> Text,
        reason -> Text,
        answer_reason -> Nullable<Text>,
        effective_on -> Nullable<Date>,
        answered_by -> Nullable<Uid>,
        answered_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    assistance_records (id) {
        id -> Uid,
        household_id -> Uid,
        member_id -> Nullable<Uid>,
        service_point_id -> Uid,
        kind -> Text,
        subkind -> Nullable<Text>,
        given_on -> Date,
        quantity -> BigInt,
        unit -> Nullable<Text>,
        amount_fen -> Nullable<BigInt>,
        note -> Nullable<Text>,
        state -> Text,
        void_reason -> Nullable<Text>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    assistance_record_versions (record_id, version) {
        record_id -> Uid,
        version -> BigInt,
        member_id -> Nullable<Uid>,
        kind -> Text,
        subkind -> Nullable<Text>,
        given_on -> Date,
        quantity -> BigInt,
        unit -> Nullable<Text>,
        amount_fen -> Nullable<BigInt>,
        note -> Nullable<Text>,
        state -> Text,
        replaced_reason -> Text,
        replaced_by -> Uid,
        replaced_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    cells (service_point_id, ledger, period, kind, class) {
        service_point_id -> Uid,
        ledger -> Text,
        period -> Integer,
        kind -> Text,
        class -> Text,
        n -> BigInt,
        quantity -> BigInt,
        amount_fen -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    presence (subject_id, kind, period) {
        subject_id -> Uid,
        kind -> Text,
        period -> Integer,
        n -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    reports (id) {
        id -> Uid,
        service_point_id -> Uid,
        period -> Integer,
        state -> Text,
        submission -> BigInt,
        digest -> Text,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    report_submissions (report_id, number) {
        report_id -> Uid,
        number -> BigInt,
        nil -> Bool,
        note -> Nullable<Text>,
        figures -> Text,
        own_figures -> Text,
        own_digest -> Text,
        digest -> Text,
        submitted_by -> Uid,
        submitted_at -> Timestamp,
        decision -> Nullable<Text>,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Timestamp>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    report_children (report_id, number, service_point_id) {
        report_id -> Uid,
        number -> BigInt,
        service_point_id -> Uid,
        code -> Text,
        name -> Text,
        state -> Text,
        digest -> Nullable<Text>,
        figures -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    report_records (report_id, number) {
        report_id -> Uid,
        number -> BigInt,
        records -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    report_waivers (id) {
        id -> Uid,
        service_point_id -> Uid,
        parent_id -> Uid,
        period -> Integer,
        reason -> Text,
        revoked_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    inspections (id) {
        id -> Uid,
        service_point_id -> Uid,
        name -> Text,
        period_from -> Date,
        period_to -> Date,
        kinds -> Text,
        method -> Text,
        sample_size -> BigInt,
        frame_size -> BigInt,
        frame_parts -> BigInt,
        frame_digest -> Text,
        framed_at -> Timestamp,
        seed -> Nullable<Text>,
        seed_source -> Nullable<Text>,
        seeded_at -> Nullable<Timestamp>,
        drawn_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
        close_reason -> Nullable<Text>,
        state -> Text,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    inspection_frames (inspection_id, part) {
        inspection_id -> Uid,
        part -> BigInt,
        lines -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    inspection_strata (inspection_id, stratum_id, weight) {
        inspection_id -> Uid,
        stratum_id -> Uid,
        weight -> BigInt,
        frame_size -> BigInt,
        sample_size -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    inspection_items (id) {
        id -> Uid,
        inspection_id -> Uid,
        number -> BigInt,
        service_point_id -> Uid,
        stratum_id -> Uid,
        weight -> BigInt,
        record_id -> Uid,
        record_version -> BigInt,
        household_id -> Uid,
        kind -> Text,
        given_on -> Date,
        recorded_quantity -> BigInt,
        recorded_amount_fen -> Nullable<BigInt>,
        state -> Text,
        found_quantity -> Nullable<BigInt>,
        found_amount_fen -> Nullable<BigInt>,
        note -> Nullable<Text>,
        checked_by -> Nullable<Uid>,
        checked_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    inspection_findings (id) {
        id -> Uid,
        inspection_id -> Uid,
        item_id -> Uid,
        service_point_id -> Uid,
        period -> Integer,
        reason -> Text,
        state -> Text,
        decision_reason -> Nullable<Text>,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    doubtful_explanations (id) {
        id -> Uid,
        rule -> Text,
        subject_id -> Uid,
        period -> Integer,
        fingerprint -> Text,
        service_point_id -> Uid,
        note -> Text,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    reporting_rules (id) {
        id -> Uid,
        service_point_id -> Uid,
        tier -> Text,
        due_day -> Integer,
        lock_day -> Nullable<Integer>,
        valid_from -> Integer,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    period_exceptions (id) {
        id -> Uid,
        service_point_id -> Uid,
        period -> Integer,
        until_day -> Date,
        reason -> Text,
        revoked_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    notices (id) {
        id -> Uid,
        service_point_id -> Uid,
        kind -> Text,
        period -> Nullable<Integer>,
        chased_on -> Nullable<Date>,
        report_id -> Nullable<Uid>,
        title -> Nullable<Text>,
        body -> Nullable<Text>,
        created_by -> Uid,
        request_digest -> Nullable<Binary>,
        created_at -> Timestamp,
        policy_document_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    notice_reads (account_id, notice_id, service_point_id) {
        account_id -> Uid,
        notice_id -> Uid,
        service_point_id -> Uid,
        read_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    catalogue_items (id) {
        id -> Uid,
        catalogue -> Text,
        service_point_id -> Uid,
        name -> Text,
        kind -> Nullable<Text>,
        parent_id -> Nullable<Uid>,
        place_code -> Nullable<Text>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        value -> Nullable<BigInt>,
        mark -> Nullable<Text>,
        note -> Nullable<Text>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        source -> Nullable<Text>,
        decimals -> Nullable<BigInt>,
        file_digest -> Nullable<Text>,
        villages -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    organisations (id) {
        id -> Uid,
        service_point_id -> Uid,
        kind -> Text,
        name -> Text,
        credit_code -> Nullable<Text>,
        founded_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    stores (id) {
        id -> Uid,
        service_point_id -> Uid,
        platform_id -> Uid,
        household_id -> Nullable<Uid>,
        organisation_id -> Nullable<Uid>,
        name -> Text,
        link -> Nullable<Text>,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    ledger_entries (id) {
        id -> Uid,
        ledger -> Text,
        service_point_id -> Uid,
        on_day -> Date,
        whole_month -> Bool,
        ends_on -> Nullable<Date>,
        kind -> Text,
        name -> Nullable<Text>,
        store_id -> Nullable<Uid>,
        platform_id -> Nullable<Uid>,
        product_id -> Nullable<Uid>,
        campaign_id -> Nullable<Uid>,
        partner_id -> Nullable<Uid>,
        session_id -> Nullable<Uid>,
        member_id -> Nullable<Uid>,
        quantity -> BigInt,
        amount_fen -> BigInt,
        viewers -> Nullable<BigInt>,
        minutes -> Nullable<BigInt>,
        note -> Nullable<Text>,
        state -> Text,
        void_reason -> Nullable<Text>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        item_id -> Nullable<Uid>,
        project_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    ledger_entry_versions (entry_id, version) {
        entry_id -> Uid,
        version -> BigInt,
        content -> Text,
        replaced_reason -> Text,
        replaced_by -> Uid,
        replaced_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    register_items (id) {
        id -> Uid,
        register -> Text,
        service_point_id -> Uid,
        kind -> Text,
        name -> Nullable<Text>,
        partner_id -> Nullable<Uid>,
        site_id -> Nullable<Uid>,
        store_id -> Nullable<Uid>,
        organisation_id -> Nullable<Uid>,
        household_id -> Nullable<Uid>,
        member_id -> Nullable<Uid>,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        version -> BigInt,
        created_by -> Uid,
        request_digest -> Binary,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    files (digest) {
        digest -> Text,
        media_type -> Text,
        content -> Binary,
        created_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Uid;

    receipts (account_id, id) {
        account_id -> Uid,
        id -> Uid,
        request_digest -> Binary,
        object_id -> Uid,
        object_version -> BigInt,
        received_at -> Timestamp,
    }
}

diesel::joinable!(service_point_keys -> service_points (service_point_id));
diesel::joinable!(accounts -> service_points (service_point_id));
diesel::joinable!(grants -> accounts (account_id));
diesel::joinable!(receipts -> accounts (account_id));
diesel::joinable!(grants -> service_points (service_point_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(households -> service_points (service_point_id));
diesel::joinable!(household_members -> households (household_id));
diesel::joinable!(household_spans -> households (household_id));
diesel::joinable!(household_spans -> service_points (service_point_id));
diesel::joinable!(transfer_requests -> service_points (service_point_id));
diesel::joinable!(assistance_records -> households (household_id));
diesel::joinable!(assistance_records -> service_points (service_point_id));
diesel::joinable!(reports -> service_points (service_point_id));
diesel::joinable!(report_waivers -> service_points (service_point_id));
diesel::joinable!(report_submissions -> reports (report_id));
diesel::joinable!(reporting_rules -> service_points (service_point_id));
diesel::joinable!(period_exceptions -> service_points (service_point_id));
diesel::joinable!(notices -> service_points (service_point_id));
diesel::joinable!(notice_reads -> service_points (service_point_id));
diesel::joinable!(notice_reads -> accounts (account_id));
diesel::joinable!(cells -> service_points (service_point_id));
diesel::joinable!(audit_seals -> audit_events (event_id));
diesel::joinable!(inspections -> service_points (service_point_id));
diesel::joinable!(inspection_strata -> service_points (stratum_id));
diesel::joinable!(inspection_items -> service_points (service_point_id));
diesel::joinable!(inspection_findings -> service_points (service_point_id));
diesel::joinable!(doubtful_explanations -> service_points (service_point_id));
diesel::joinable!(catalogue_items -> service_points (service_point_id));
diesel::joinable!(organisations -> service_points (service_point_id));
diesel::joinable!(stores -> service_points (service_point_id));
diesel::joinable!(ledger_entries -> service_points (service_point_id));
diesel::joinable!(register_items -> service_points (service_point_id));

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    assistance_record_versions,
    assistance_records,
    audit_events,
    audit_seals,
    audit_unsealed,
    catalogue_items,
    cells,
    doubtful_explanations,
    files,
    grants,
    household_member_keys,
    household_members,
    household_spans,
    households,
    presence,
    inspection_findings,
    inspection_frames,
    inspection_items,
    inspection_strata,
    inspections,
    ledger_entries,
    ledger_entry_versions,
    notice_reads,
    notices,
    organisations,
    period_exceptions,
    receipts,
    refresh_tokens,
    register_items,
    report_children,
    report_records,
    report_submissions,
    report_waivers,
    reporting_rules,
    reports,
    service_point_keys,
    service_point_parents,
    service_points,
    sessions,
    stores,
    transfer_requests,
);
