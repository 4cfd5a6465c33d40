# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which contract tests run with every ansible-core, why the others need the newest one only, and which may wait.

Every role and playbook runs in every lane: where all goes well, where some fails, and where all fails. Every module
does with its examples and its refusals. tests/tooling/test_lanes.py checks that each file is listed here.
"""

from __future__ import annotations

SUITES = ("tests/unit", "tests/contract", "tests/conformance", "tests/tooling")
"""What pytest runs with the newest ansible-core, except for variants."""

EVERY_LANE = (
    # The modules: how old libraries send requests and raise errors, and what an old ansible-core makes of options.
    *(
        "connection",
        "docs",
        "estimates",
        "faults",
        "foreign_objects",
        "info",
        "info_table",
        "job_tags",
        "losses",
        "manifest_etag",
        "objects",
        "not_created_yet",
        "parameters",
    ),
    *("priority", "retry_as_is", "s3_regions", "same_job", "secrets", "types"),
    "hostile::test_a_refusal_names_its_option",
    # Credentials and accounts: old botocore searches in other places; old ansible-core passes on no SIGTERM.
    *("accounts", "assumed_roles", "aws_credentials", "interrupts", "oss", "partitions", "places", "renewal"),
    # The inventory, whose variables each ansible-core marks and stores in its own way.
    "planted",
    "inventory_cache::test_what_somebody_wrote_into_a_cache_is_no_template",
    "inventory_cache::test_failures_are_asked_again",
    "inventory::test_twelve_queues_of_four_accounts",
    "inventory::test_a_policy_over_all_queues",
    "inventory::test_credentials_that_fail_are_the_trouble_of_their_own_queue",
    "inventory::test_a_password_in_an_endpoint_is_stored_and_shown_nowhere",
    "inventory::test_limits_that_are_none",
    "inventory::test_only_with_jobs",
    "inventory::test_as_awx_reads_a_project",
    "two_accounts::test_the_lines_of_the_readme",
    "two_accounts::test_the_play_of_the_guide_to_many_accounts",
    # The playbooks and the roles: templates differ between ansible-core, null and omit above all.
    "playbook_ends",
    "expedite_job::test_first_and_back_again",
    "job_chain::test_a_tree_on_every_cloud",
    "job_chain::test_the_next_job_is_confirmed_once",
    "find_job::test_a_hostile_description",
    "plan_file::test_plan_and_apply",
    "plan_file::test_a_file_that_is_no_approved_plan[missing]",
    "plan_file::test_a_file_that_is_no_approved_plan[cut]",
    "failed_objects::test_rounds_until_nothing_is_left[1]",
    "failed_objects::test_the_playbook_leaves_its_result_before_it_fails",
    "failed_objects::test_check_mode_plans_the_first_round",
    "checked_job::test_check_mode_sends_no_update",
    "checked_job::test_what_stops_the_job",
    "playbook_answers::test_every_answer_may_be_blank",
    "playbook_hosts::test_a_key_that_is_not_set_is_not_replaced",
    "playbooks::test_documented_examples",
    "playbooks::test_one_playbook_in_all_modes_on_every_cloud",
    "queue_connection::test_wherever_a_task_stands",
    "queue_connection::test_the_interpreter_is_the_one_that_runs_ansible",
    "queue_policy::test_how_it_ends",
    "queue_policy::test_options_of_module_defaults_stay",
    "queue_policy::test_an_answer_that_is_empty_is_not_given",
    "queue_report::test_one_page_about_all_queues",
    "expedite_job_restore::test_how_it_ends",
    "expedite_job_restore::test_back_now[select-Ready]",
    # Progress lines: displays and callbacks are those of ansible-core.
    "progress::test_progress_of_every_cloud_in_one_run",
    "progress::test_check_mode_and_failures",
    "progress_output::test_a_callback_that_prints_json",
)
"""Files of tests/contract without test_ and .py, or single tests of them."""

ONE_LANE = {
    "approval": "planning is our code alone, and its unit tests run on every Python of a target",
    "checksums": "reading and comparing checksums is our code alone; objects sends its requests with old libraries",
    "awx_setup": "the modules of awx.awx were measured on ansible-core 2.19 and 2.20",
    "awx_runner": "the environment of the oldest lane has no ansible-runner and none of AWX's injectors",
    "awx_workflow": "the environment of the oldest lane has no ansible-runner and none of AWX's injectors",
    "browser": "a page is text, independent of ansible-core",
    "convergence": "planning is our code alone, in every order of responses",
    "docsite_guides": "what they print is run by two_accounts, playbooks and playbook_ends in every lane",
    "create": "how a job is created is our code; faults, same_job and parameters create jobs in every lane",
    "doctypes": "bodies are refused before any library parses them",
    "ee": "an execution environment is built from the newest libraries",
    "guide": "what it prints is a path through the playbooks of playbook_ends",
    "event_filter": "reading messages is our code alone",
    "event_rulebooks": "compares rulebooks with the names in the code",
    "event_source": "asyncio runs it on a current Python; faults lists jobs with old libraries",
    "event_source_docs": "compares the documentation and the schema with what the source checks",
    "inventory_docs": "compares the documentation with what inventory sets",
    "kit_playbooks": "the forms of AWX; playbook_ends runs the same playbooks in every lane",
    "last_look": "reading a job again is our code alone; faults sends what it reads",
    "life": "a long path of modules and roles that each have their tests in every lane",
    "lists": "reading lists is our code alone; faults and info request them with old libraries",
    "live": "the tool for real accounts runs on a developer's machine",
    "manifest": "rows become manifests by our code alone; objects lists and puts objects with old libraries",
    "manifest_info": "judging rows is our code alone; manifest and objects send its requests with old libraries",
    "manifest_traps": "rows become findings by our code alone; objects sends its requests with old libraries",
    "matrix": "faults does the same with every library, fault by fault",
    "molecule": "the environment of the oldest lane has no molecule",
    "moments": "it tests the tools of the tests",
    "object_matrix": "objects and foreign_objects send each of its requests with old libraries",
    "oss_signer": "signing is our code alone",
    "overtaken": "comparing priorities is our code alone; faults and info list jobs with old libraries",
    "pages": "texts of pages are our code alone; faults requests them with old libraries",
    "queue": "planning and writing are our code alone",
    "readmes": "what they print is run by two_accounts, failed_objects and expedite_job in every lane",
    "recipes": "what it prints is run with the same modules by priority, playbooks, and playbook_ends in every lane",
    "report": "reading rows is our code alone; objects gets them with old libraries",
    "report_files": "reading files is our code alone; objects and foreign_objects get them with old libraries",
    "retry": "rows become manifests by our code alone; retry_as_is creates the jobs with old botocore",
    "select": "selecting is our code alone",
    "setup_guides": "what they print runs modules that each have their tests in every lane",
    "status": "how a job is confirmed or cancelled is our code; faults and playbook_ends do both in every lane",
    "story": "a long path of modules that each have their tests in every lane",
    "unconfirmed": "what a lost response leads to is our code alone; faults loses responses in every lane",
    "upgrade": "it runs two versions of ansible-core by itself, one after the other",
    "wait": "waiting is our code alone; progress and playbook_ends wait in every lane",
    "whole_job": "checked_job runs its role in every lane, and the modules have their own tests",
}
"""Files none of whose tests run in every lane, and the reason."""

VARIANTS = {
    "whole_job::test_from_a_bad_list_to_compared_checksums": "the steps of checked_job and checksums at once",
    "awx_workflow::test_a_plan_without_moves[Strict]": "the same with the other approval mode",
    "plan_file::test_a_limit_applies_a_part_of_the_plan": "awx_runner applies parts of plans with the same playbooks",
    "plan_file::test_a_queue_that_the_inventory_could_not_read": "playbook_ends does the same without a plan file",
    "plan_file::test_a_plan_without_changes": "awx_workflow applies a plan without changes with the same playbooks",
    "kit_playbooks::test_which_jobs_a_raise_overtakes": "overtaken tests the option of the module, on every provider",
    "find_job::test_an_arn_is_a_job_id": "the playbook again, by another form of the ID",
    "find_job::test_a_phrase_is_no_pattern": "the playbook again, by another phrase",
    "find_job::test_more_matches_than_are_shown": "the playbook again, with more jobs",
    "doctypes::test_an_entity_of_four_megabytes": "a matter of size; every document type is refused in make test",
    "kit_playbooks::test_plan_and_apply": "awx_runner applies plans with the same playbooks",
    "kit_playbooks::test_a_job_that_moved_in_between": "awx_runner applies plans with the same playbooks",
    "matrix::test_sts": "the faults of test_reads, for the account request",
    "object_matrix::test_a_foreign_object_outlives_every_fault": "the faults of test_faults, next to a foreign object",
    "playbook_hosts::test_all_queues_if_they_are_meant": "playbook_ends runs the playbooks on all queues",
    "playbook_hosts::test_localhost": "no_host_is_left and one_job_in_several_queues run the same tasks",
    "awx_runner::test_plan_approve_apply": "awx_workflow runs plan, approval, and apply through ansible-runner, too",
    "awx_runner::test_twelve_queues_in_three_slices": "queue_policy, with more hosts",
    "failed_objects::test_a_run_may_go_on_with_what_failed_for_good": "the role again, with one option",
    "failed_objects::test_objects_are_counted_and_not_rows": "losses counts objects; this is the role again",
    "failed_objects::test_what_was_never_started_is_counted": "the role again, with one option",
    "failed_objects::test_rounds_until_nothing_is_left[3]": "the role again, twice, with other ends on the clouds",
    "inventory::test_two_hundred_queues_of_which_twenty_are_silent": "the same with more queues",
    "inventory_cache::test_a_cache_that_is_damaged_or_of_another_release": "unit tests of the cache have each damage",
    "life": "one path through what has its tests: it shows how the parts fit",
    "playbook_answers::test_a_plan_without_moves": "one answer after the other in a plan that is empty",
    "playbook_answers::test_a_share_of_failed_tasks": "the module's option again, through its playbook",
    "playbook_hosts::test_localhost_without_a_provider": "tasks that all playbooks share; no_host_is_left runs each",
    "playbook_hosts::test_without_an_inventory": "tasks that all playbooks share; no_host_is_left runs each",
    "progress::test_keywords_of_tasks": "keywords of Ansible around one action plugin",
    "queue_connection::test_a_variable_that_is_gone_when_it_is_used": "the lookup again, under each name",
    "queue_policy::test_keywords_of_tasks": "keywords of Ansible around one action plugin",
    "select::test_one_of_a_hundred_thousand_jobs": "a matter of size",
    "expedite_job::test_there_is_no_number_above_the_largest": "the role again, at the end of the numbers",
    "expedite_job_restore::test_a_job_alone_in_its_queue": "the role again, in another queue",
    "expedite_job_restore::test_a_job_that_has_its_number_already": "the role again, in another queue",
    "expedite_job_restore::test_back_by_the_id_or_the_select_of_another_run": "the role again, by another name",
    "expedite_job_restore::test_a_suspended_job_that_is_raised_all_the_same": "the role again, with one option",
    "expedite_job_restore::test_back_now[select-Complete]": "the role again, for a job that has ended",
    "expedite_job_restore::test_back_now[job_id-Cancelled]": "the role again, for a job that has ended",
    "expedite_job_restore::test_nothing_to_give_back": "the role again, without a note",
    "expedite_job_restore::test_the_note_is_kept_if_the_number_could_not_be_given_back": "the role again, one fault",
    "expedite_job_restore::test_two_jobs_of_one_select": "the role again, in another queue",
}
"""Tests, or files of them, that only make test-all runs, and what they vary: each runs ansible-playbook for long."""

REHEARSAL = "tests/tooling/test_release.py::test_everything_up_to_the_tag"
"""The rehearsal of a release, which make test-all runs, too: it builds, signs, and reads everything once more."""


def _path(name: str) -> str:
    file, colons, test = name.partition("::")
    return f"tests/contract/test_{file}.py{colons}{test}"


def variants() -> tuple[str, ...]:
    """Return what pytest runs in make test-all only."""
    return (REHEARSAL, *map(_path, VARIANTS))


def paths() -> tuple[str, ...]:
    """Return what pytest runs in every lane."""
    return tuple(map(_path, EVERY_LANE))
