# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a workflow as an Ansible module: the only file that knows AnsibleModule and fail_json.

Private to this collection.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._clouds import registry
from ._clouds.shared import responses
from ._connection import connect, connection_options, raw_options
from ._core import errors, job_values, priority_classes, providers, validation
from ._requests import concurrency, interrupts, senders, sessions

_NO_CALLS: t.Final = {"sent": {}, "retried": 0, "throttled": 0}
_CHECK: t.Final = "Check that "
"""How the hint about a missing permission begins (FailureTraits.denied)."""
Task = t.TypeVar("Task")
Prepare = t.Callable[[t.Mapping[str, t.Any], providers.Traits], Task]
Execute = t.Callable[[sessions.Session, Task, bool, job_values.QueueId], job_values.Values]


def run(spec: dict[str, t.Any], prepare: Prepare[Task], execute: Execute[Task], **rules: t.Any) -> None:
    """Run a workflow as a module, to its exit.

    :param spec: the module's own options, in addition to the connection options.
    :param prepare: from options to a request, offline; raises OptionError.
    :param execute: the workflow; returns the result, with ``failed`` and ``error`` if the task fails.
    :param rules: mutually_exclusive and other rules, as AnsibleModule takes them.
    """
    # The import of a provider's library creates many objects and no garbage. A collection would take 10 to 30 ms.
    gc.set_threshold(100_000)
    provider_spec = {"type": "str", "required": True, "choices": list(registry.PROVIDERS)}
    whole = {"provider": provider_spec, **connection_options.CONNECTION_SPEC, **priority_classes.CLASSES_SPEC, **spec}
    try:
        module = _Module(argument_spec=whole, supports_check_mode=True, **rules)
    except (AttributeError, OverflowError, RecursionError, TypeError, UnicodeError, ValueError) as error:
        _fail_before_parsing(error, whole)
    work = _Runner(module, whole)
    with interrupts.Interrupts() as heeded:
        try:
            values = _attempt(work, prepare, execute)
            heeded.ignore()
        except KeyboardInterrupt:
            values = work.interrupted()
        _leave(module, work, {"changed": False, "jobs": [], **values})


def _attempt(work: _Runner, prepare: Prepare[Task], execute: Execute[Task]) -> job_values.Values:
    """Return the result of the work, even if it fails."""
    try:
        return work.run(prepare, execute)
    except errors.MissingLibrary as error:
        text = missing_required_lib(error.library)
        failure = errors.Failure("missing_dependency", text)
        return {**_failed(failure), "msg": text, "exception": error.trace}
    except errors.OptionError as error:
        return _failed(errors.Failure("invalid", str(error)))
    except errors.BatchError as error:
        return {**_failed(error.failure), **error.details}


def _leave(module: _Module, work: _Runner, result: job_values.Values) -> t.NoReturn:
    """Print the result, and exit."""
    # Before any text that can contain a secret is logged.
    module.hide(work.secrets())
    for text in result.pop("warnings", ()):
        # Ansible prints equal warnings of several hosts only once.
        module.warn(f"{work.queue_id}: {text}" if work.queue_id else text)
    work.warn()
    work.add_caller_hint(result)
    result["calls"] = work.counts()
    if not module._diff:
        result.pop("diff", None)
    # The process ends here. A last collection of the SDK's models would take 10 to 40 ms.
    gc.freeze()
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
    raise SystemExit  # exit_json has done so


class _Module(AnsibleModule):
    """An AnsibleModule that also masks secrets in its own option errors, and replaces some of these errors.

    ansible-core 2.16 does not mask secrets if a suboption has the wrong type.

    :cvar given: the options as the task sets them.
    """

    given: t.ClassVar[t.Mapping[str, t.Any]] = {}

    def _load_params(self) -> None:
        super()._load_params()
        _Module.given = dict(self.params)
        # The log of ansible-core fails on half a character, before any check of the options.
        validation.check_encodable(self.params)

    def __init__(self, **kwargs: t.Any) -> None:
        self._built = False
        super().__init__(**kwargs)
        self._built = True

    def fail_json(self, msg: str, **kwargs: t.Any) -> t.Any:
        if not self._built:
            # Some option errors of ansible-core do not name the option.
            try:
                raw_options.check(self.argument_spec, _Module.given)
            except errors.OptionError as refusal:
                kwargs = {**kwargs, **_unsent(_failed(errors.Failure("invalid", str(refusal))))}
                msg = kwargs.pop("msg")
        given = (self.params.get(name) for name in connection_options.secret_names())
        self.hide(value for value in given if isinstance(value, str))
        return super().fail_json(msg, **kwargs)

    def hide(self, secrets: t.Iterable[str]) -> None:
        """Mask secrets in all output: here, and since ansible-core 2.22 in the controller."""
        known = {secret for secret in secrets if secret}
        self.no_log_values.update(known)
        try:
            from ansible.module_utils.secrets import register_secrets  # since ansible-core 2.22
        except ImportError:
            return
        register_secrets(known)

    def warn(self, warning: str, **options: t.Any) -> None:
        # Since version 2.19, ansible-core does not mask warnings.
        super().warn(responses.SecretMasker(self.no_log_values).text(warning), **options)

    def log(self, msg: str, log_args: t.Optional[dict[str, t.Any]] = None) -> None:
        # The system log does not accept NUL, and ansible-core fails on it before any check of the options.
        super().log(msg.replace("\0", "\\x00"), log_args)


class _Runner:
    """Runs a module after its options have the right types."""

    def __init__(self, module: _Module, spec: raw_options.Spec) -> None:
        self._module = module
        self._spec = spec
        self._provider: t.Optional[providers.Provider] = None
        self._session: t.Optional[sessions.Session] = None
        self._sender: t.Optional[senders.Sender] = None
        self.queue_id: t.Optional[job_values.QueueId] = None
        self._classes: t.Optional[priority_classes.PriorityClasses] = None

    def run(self, prepare: Prepare[Task], execute: Execute[Task]) -> job_values.Values:
        """Check the options, connect, and run the workflow."""
        module = self._module
        # An endpoint with a password is rejected, but the result shows the invocation of the module.
        module.hide(connection_options.passwords(module.params))
        raw_options.check(self._spec, _Module.given)
        # A dictionary can be JSON text, which has escapes for invalid text.
        validation.check_encodable(module.params)
        connection_options.read_seconds(module.params)
        target = connect.check_target(module.params, os.environ)
        traits, options = target.provider_class.traits, target.options
        if options.credentials:
            # AnsibleModule masks secrets of options only, not those of the environment.
            keys = options.credentials
            module.hide((keys.secret_key, keys.session_token))
        self._classes = priority_classes.parse_classes(module.params["classes"], traits)
        queue = (options.region, options.account_id)
        task = prepare(module.params, traits.at(*queue, module.check_mode))
        for text in target.warnings:
            module.warn(text)
        self._sender = _sender(module.params)
        provider = self._provider = target.provider_class(options)
        session = self._session = connect.open_session(provider, self._sender)
        if traits.jobs.arn and queue != (provider.region, provider.account_id):
            # The profile or STS has returned them just now. Resource names of other ones are rejected before any use.
            here = traits.at(provider.region, provider.account_id, module.check_mode)
            task = prepare(module.params, here)
        self.queue_id = job_values.QueueId(module.params["provider"], provider.region, provider.account_id)
        result = execute(session, task, module.check_mode, self.queue_id)
        return job_values.name_classes(result, self._classes)

    def interrupted(self) -> job_values.Values:
        """Return the known state of the work. No more requests are sent."""
        if self._sender:
            self._sender.stop()
        if self._session and self._session.unfinished and self._classes:
            return job_values.name_classes(self._session.unfinished(), self._classes)
        written = self._sender is not None and self._sender.has_written()
        text = "Some changes can have been made" if written else "No changes were made"
        hint = errors.HINTS["interrupted"] if written else "Run the task again."
        failure = errors.Failure("interrupted", f"The task was interrupted. {text}", hint=hint)
        return {**_failed(failure), "changed": written}

    def counts(self) -> job_values.Values:
        """Return how many requests were sent, retried, and throttled."""
        return self._sender.counts() if self._sender else dict(_NO_CALLS)

    def secrets(self) -> set[str]:
        """Return all known secrets, to be masked in all output."""
        return set(self._provider.secrets()) if self._provider else set()

    def warn(self) -> None:
        """Pass on the warnings of the provider."""
        for text in self._provider.warnings if self._provider else ():
            self._module.warn(text)

    def add_caller_hint(self, result: job_values.Values) -> None:
        """Name the caller if access is denied: the likeliest cause are credentials of another account."""
        error = result.get("error") or {}
        provider = self._provider
        if error.get("kind") != "access_denied" or provider is None or provider.principal in error["message"]:
            return
        hint = error["hint"]
        if error["operation"] == "AssumeRole":
            # The principal is the role, and another principal calls.
            text = hint.replace("the role", provider.principal, 1) if provider.options.role else hint
        elif hint.startswith(_CHECK) and provider.may_be_foreign():
            text = f"Check that the caller, {provider.principal}, belongs to {provider.account_text()}, and that"
            text += hint[len(_CHECK) - 1 :]
        else:
            text = f"The caller is {provider.principal}. {hint}".strip()
        shown = result["msg"]
        result["error"] = {**error, "hint": text}
        result["msg"] = shown.replace(hint, text) if hint and hint in shown else f"{shown} {text}"


def _sender(params: t.Mapping[str, t.Any]) -> senders.Sender:
    # One response can take as long as all attempts of its request.
    longest = max(params["request_timeout"], params["retry_deadline"])
    limits = senders.RetryLimits(params["max_attempts"], params["retry_deadline"], longest)
    return senders.Sender(limits, width=concurrency.AdaptiveConcurrency(params["concurrency"]))


def _fail_before_parsing(error: Exception, spec: raw_options.Spec) -> t.NoReturn:
    """Fail without an AnsibleModule, whose checks raise errors for infinite numbers, plain values, and surrogates."""
    try:
        raw_options.check(spec, _Module.given)
        own = isinstance(error, errors.OptionError)
        text = f"Invalid value for an option: {error}. Check the types of all options of this task"
        text = str(error) if own else text
    except errors.OptionError as refusal:
        text = str(refusal)
    result = _unsent(_failed(errors.Failure("invalid", text)))
    sys.stdout.write(json.dumps(result))
    raise SystemExit(1)


def _unsent(values: job_values.Values) -> job_values.Values:
    return {"changed": False, "jobs": [], "calls": dict(_NO_CALLS), **values}


def _failed(failure: errors.Failure) -> job_values.Values:
    return {"failed": True, "msg": failure.sentence(), "error": failure.as_result()}
