# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an engine to an Ansible module: the only file that knows AnsibleModule and fail_json.

Private to this collection.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    input as _input,
    options as _options,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import registry
from ansible_collections.objectstore.batch.plugins.module_utils._requests import retry as _retry, session as _session
from ansible_collections.objectstore.batch.plugins.module_utils._results import jobs as _jobs

Task = t.TypeVar("Task")
Prepare = t.Callable[[t.Mapping[str, t.Any], _provider.Facts], Task]
Execute = t.Callable[[_session.Session, Task, bool, _jobs.Place], _jobs.Values]


def run(spec: dict[str, t.Any], prepare: Prepare[Task], execute: Execute[Task], **rules: t.Any) -> None:
    """Run an engine as a module, to its exit.

    :param spec: the module's own options, beside the connection options.
    :param prepare: from options to a task, offline; raises InputError.
    :param execute: the engine; returns the result, with ``failed`` and ``error`` where the task fails.
    :param rules: mutually_exclusive and the like, as AnsibleModule takes them.
    """
    # Importing a cloud's library makes many objects and no garbage: looking for some takes 10 to 30 ms of each task.
    gc.set_threshold(100_000)
    provider_spec = {"type": "str", "required": True, "choices": list(registry.PROVIDERS)}
    whole = {"provider": provider_spec, **_options.CONNECTION_SPEC, **spec}
    try:
        module = AnsibleModule(argument_spec=whole, supports_check_mode=True, **rules)
    except (OverflowError, TypeError, UnicodeError) as error:
        _refuse(error)
    caller = _retry.Caller(_retry.Limits(module.params["max_attempts"], module.params["retry_deadline"]))
    result: _jobs.Values = {"changed": False, "jobs": []}
    try:
        result.update(_work(module, caller, prepare, execute))
    except _errors.MissingLibrary as error:
        text = missing_required_lib(error.library)
        result.update(_failed(_errors.Failure("missing_dependency", text)), msg=text, exception=error.trace)
    except _errors.InputError as error:
        result.update(_failed(_errors.Failure("invalid", str(error))))
    except _errors.BatchError as error:
        result.update(_failed(error.failure))
    result["calls"] = caller.counts()
    if not module._diff:
        result.pop("diff", None)
    # The process ends here: a last walk over the SDK's models would take 10 to 40 ms and free nothing that matters.
    gc.freeze()
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _work(module: AnsibleModule, caller: _retry.Caller, prepare: Prepare[Task], execute: Execute[Task]) -> _jobs.Values:
    provider_class = registry.PROVIDERS[module.params["provider"]]()
    facts = provider_class.facts
    options = _options.resolve(module.params, os.environ, facts)
    if options.ca_bundle and not os.path.exists(options.ca_bundle):
        rule = "must be the path of a file of certificates on the host that runs the task"
        raise _input.refusal("ca_bundle", options.ca_bundle, rule)
    if options.credentials:
        # Secrets of the environment are none of the options that AnsibleModule masks by itself.
        keys = options.credentials
        module.no_log_values.update(secret for secret in (keys.secret_key, keys.session_token) if secret)
    task = prepare(module.params, facts)
    session = _session.Session(provider_class(options), caller)
    place = _jobs.Place(module.params["provider"], session.provider.region, session.provider.account_id)
    return execute(session, task, module.check_mode, place)


def _refuse(error: Exception) -> t.NoReturn:
    """Fail without an AnsibleModule: its own checks stumble over infinite numbers, plain values, lone surrogates."""
    text = f"an option has a value that its type cannot have ({error}); look for numbers, lists and texts that are none"
    result = {"changed": False, "jobs": [], **_failed(_errors.Failure("invalid", text))}
    sys.stdout.write(json.dumps(result))
    sys.exit(1)


def _failed(failure: _errors.Failure) -> _jobs.Values:
    return {"failed": True, "msg": failure.sentence(), "error": failure.as_result()}
