//! What the store promises, held against every database it runs on, with real concurrency.

mod account;
mod action_tokens;
mod audit;
mod audit_pages;
mod clients;
mod codes;
mod email_changes;
mod enrolment;
mod ephemeral;
mod factors;
mod fixture;
mod grants;
mod keys;
mod limits;
mod mails;
mod operations;
mod refusals;
mod roles;
mod sessions;
mod users;

/// Makes each rule a test on SQLite and one on PostgreSQL.
macro_rules! contract {
    ($($subject:ident :: $rule:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $rule() {
                crate::$subject::$rule(&crate::fixture::Fixture::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $rule() {
                crate::$subject::$rule(&crate::fixture::Fixture::postgres().await).await;
            })+
        }
    };
}

contract! {
    audit::of_many_seals_with_one_number_one_is_kept,
    audit::seals_are_read_in_their_order,
    audit::one_node_seals_until_it_is_silent_or_steps_down,
    audit::rows_are_found_by_ranges_of_their_numbers,
    audit::rows_go_together_with_the_seal_that_says_so_or_not_at_all,
    action_tokens::a_reset_link_works_once_and_ends_what_the_old_password_let_in,
    action_tokens::a_link_dies_with_what_it_was_made_for,
    action_tokens::a_link_is_good_for_its_time_and_its_own_thing,
    action_tokens::an_account_is_made_once_by_its_link,
    action_tokens::nobody_joins_with_an_address_that_somebody_else_is_called_by,
    email_changes::an_address_changes_when_both_mailboxes_have_agreed_and_each_link_works_once,
    email_changes::an_address_that_was_never_verified_is_not_asked,
    email_changes::both_links_at_once_change_the_address_once,
    email_changes::a_newer_change_or_newer_links_end_the_older_ones,
    email_changes::a_change_is_good_for_its_time,
    email_changes::a_change_does_not_go_round_a_mailbox_that_was_verified_since,
    email_changes::a_factor_ends_a_change_that_was_asked_for_elsewhere_without_it,
    email_changes::the_owner_of_the_old_address_refuses_a_change,
    email_changes::a_thiefs_change_of_address_does_not_outlive_the_session_the_password_or_the_address,
    email_changes::a_change_is_asked_for_by_a_live_session_alone,
    email_changes::links_and_codes_to_the_old_address_are_dead_even_if_it_comes_back,
    email_changes::nobody_gets_an_address_that_somebody_else_has_or_is_called_by,
    email_changes::a_user_name_that_is_the_old_address_goes_along_with_a_change,
    email_changes::an_address_that_many_change_to_at_once_becomes_one_persons,
    account::another_persons_session_is_neither_seen_nor_ended,
    account::ending_the_other_sessions_keeps_this_one_and_its_grants,
    account::withdrawing_ends_what_a_client_holds_and_might_still_get,
    account::a_redemption_that_races_with_withdrawal_leaves_no_live_grant,
    account::a_history_is_a_persons_own_and_comes_in_pages,
    account::a_profile_is_changed_only_from_what_it_was,
    account::a_scheduled_deletion_ends_everything_and_lets_nothing_begin,
    account::the_last_who_can_administer_stays,
    account::the_last_owner_stays_whoever_else_administers,
    account::an_account_is_removed_when_its_time_has_come_and_not_before,
    account::a_new_password_keeps_its_own_session_under_a_new_secret_and_ends_the_rest,
    account::records_are_a_persons_own_whether_they_have_ended_or_not,
    audit::a_sink_never_goes_back_and_says_since_when_it_fails,
    audit_pages::events_are_found_by_whatever_is_told_of_them,
    audit_pages::an_event_is_read_by_its_number,
    clients::a_client_comes_back_as_it_was_registered,
    clients::a_new_secret_leaves_the_old_one_its_time,
    clients::disabling_a_client_ends_its_grants_and_raises_its_counter,
    clients::a_removed_clients_counter_goes_on_when_it_is_registered_again,
    codes::one_of_fifty_parallel_redemptions_succeeds_and_a_replay_ends_the_grant,
    codes::one_interaction_makes_one_code,
    codes::a_code_is_worth_nothing_once_its_session_has_ended,
    codes::a_disabled_users_or_clients_code_is_not_redeemed,
    codes::a_redemption_that_races_with_disabling_leaves_no_live_grant,
    codes::a_code_uses_up_the_sign_in_of_its_interaction,
    codes::consent_is_remembered_with_the_code_that_it_led_to,
    enrolment::nothing_is_enrolled_by_a_sign_in_that_has_ended,
    enrolment::of_first_factors_set_up_at_once_one_is_kept,
    enrolment::the_last_factor_that_must_stay_stays_also_when_all_are_removed_at_once,
    enrolment::no_factor_is_removed_and_no_code_made_by_a_session_that_has_ended,
    factors::a_mailed_code_stands_so_many_guesses_and_is_used_once,
    factors::a_remembered_browser_goes_with_a_factor_or_the_password,
    factors::a_challenge_is_answered_once_by_whichever_passkey,
    factors::a_counter_only_rises,
    factors::a_copy_is_reported_once_an_answer,
    factors::a_code_is_spent_only_at_the_secret_that_it_was_checked_against,
    factors::a_passkey_is_its_owners_alone,
    factors::of_passkeys_made_at_once_no_more_are_kept_than_there_may_be,
    factors::one_of_twenty_parallel_codes_of_a_step_is_accepted,
    factors::of_two_apps_enrolled_at_once_one_is_kept,
    factors::recovery_codes_are_used_once_and_go_with_the_last_factor,
    factors::secrets_are_resealed_together_or_not_at_all,
    factors::a_removed_persons_factors_go_with_them,
    grants::one_of_twenty_parallel_rotations_commits,
    grants::a_revocation_wins_over_rotations_and_covers_their_tokens,
    grants::a_disabled_users_grant_is_not_rotated,
    grants::a_retry_never_shortens_what_a_revocation_must_cover,
    grants::a_grant_is_loaded_with_the_facts_of_its_refresh,
    grants::a_failed_write_does_not_take_others_with_it,
    keys::one_of_two_rotations_at_once_commits,
    keys::of_two_nodes_that_start_at_once_one_makes_the_first_key,
    keys::a_chain_keeps_one_end,
    keys::a_revoked_key_is_neither_revoked_again_nor_retimed,
    keys::a_key_is_resealed_only_from_what_it_was,
    refusals::a_refusal_comes_back_by_its_request_with_the_number_of_those_like_it,
    refusals::a_rule_of_another_version_hides_no_refusal,
    refusals::what_strays_ask_is_explained_and_not_listed,
    refusals::refusals_go_when_they_are_too_old_or_too_many,
    roles::a_role_comes_back_as_it_was_declared_and_every_node_hears_of_it,
    roles::a_persons_groups_give_their_roles_while_they_are_in_them,
    roles::of_the_last_owners_who_leave_their_group_at_once_one_stays,
    roles::whoever_administers_by_a_group_lets_the_last_other_one_go,
    mails::a_mail_is_queued_with_what_it_tells_of_or_not_at_all,
    mails::each_mail_is_leased_to_one_of_many,
    mails::what_a_mail_said_is_forgotten_when_it_was_sent_or_holds_no_more,
    mails::a_mail_is_sent_again_while_it_holds_and_nobody_is_sending_it,
    mails::a_mail_is_resealed_only_from_what_it_was,
    mails::mails_are_kept_for_a_week_and_waiting_ones_for_as_long_as_they_wait,
    sessions::sign_out_ends_what_was_granted_for_the_session_and_tells_every_node,
    sessions::a_new_secret_replaces_the_old_one,
    sessions::an_idle_expired_or_ended_session_is_not_found,
    sessions::signing_in_as_someone_else_ends_the_session_before,
    users::disabling_a_user_ends_sessions_grants_and_codes,
    users::a_password_change_ends_sessions_and_grants,
    users::a_sign_in_name_is_found_in_any_case_and_a_user_name_wins,
    users::a_taken_name_is_not_given_twice,
    users::a_rehash_does_not_undo_a_password_change,
    users::a_removed_users_tokens_stay_revoked,
    users::people_without_an_address_are_in_nobodys_way,
    users::a_change_is_made_to_what_was_seen_or_not_at_all,
    users::the_last_owner_stays_whoever_else_leaves_at_the_same_moment,
    users::people_are_listed_in_pages_each_once,
    users::in_an_emergency_thousands_of_grants_end_in_one_entry,
    users::what_is_told_before_an_emergency_is_counted_so_far_and_no_further,
    operations::migrations_go_up_down_and_up,
    operations::a_write_whose_caller_has_gone_still_commits,
    operations::closing_waits_for_accepted_writes,
    operations::an_assertion_counts_once,
    operations::a_revoked_token_is_known_until_it_expires,
    operations::the_feed_gives_what_is_new_and_what_overlaps,
    operations::many_events_are_recorded_at_once,
    operations::sweeping_takes_what_is_over_and_nothing_else,
    operations::a_second_node_is_refused_until_the_first_has_gone,
    operations::the_databases_clock_is_near_ours,
    operations::a_process_says_with_each_sign_of_life_what_it_could_not_write,
}
