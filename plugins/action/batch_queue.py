# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module of the same name; for the role queue_policy, also select the source of each option.

An option that a role passes hides the value in ``module_defaults``, even if it is omitted. Therefore, the role passes
its options in one dictionary, which replaces exactly the options in it. This works for all forms of
``module_defaults``: a group, the module, or an alias of an option.
"""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

MODULE: t.Final = "objectstore.batch.batch_queue"
GIVEN: t.Final = "_given"
"""Options that replace those of ``module_defaults``."""
HOST: t.Final = "_host"
"""The connection of the host, for a task whose ``module_defaults`` do not name a provider."""
ALIASES: t.Final = {
    "region": ["aws_region"],
    "endpoint_url": ["aws_endpoint_url"],
    "ca_bundle": ["aws_ca_bundle"],
    "account_id": ["uin"],
    "app_id": ["appid"],
    "access_key": ["aws_access_key_id", "aws_access_key", "secret_id", "access_key_id"],
    "secret_key": ["aws_secret_access_key", "aws_secret_key", "access_key_secret"],
    "session_token": ["aws_session_token", "security_token"],
    "profile": ["aws_profile"],
}
"""The aliases of the module's options; a test compares them with its argument spec."""
_NAMES: t.Final = {alias: name for name, aliases in ALIASES.items() for alias in aliases}


class ActionModule(ActionBase):
    """Runs the module once, with the options that apply."""

    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: t.Optional[str] = None, task_vars: t.Optional[dict[str, t.Any]] = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        answer: dict[str, t.Any] = self._execute_module(
            module_name=MODULE,
            module_args=merged(self._task.args),
            task_vars=task_vars,
            wrap_async=self._task.async_val,
        )
        return {**result, **answer}


def merged(arguments: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the options of the module: those of the role, then those of ``module_defaults``, then the host's.

    :raises AnsibleActionFail: the connection of the host is not a dictionary, or is one of another provider.
    """
    options = dict(arguments)
    given, host = (options.pop(name, None) for name in (GIVEN, HOST))
    if given is None and host is None:
        return options
    if not isinstance(host, dict):
        raise AnsibleActionFail(
            "queue_connection must be a dictionary with the connection options of the modules. No changes were made."
        )
    defaults, own = _named(options), _named(given or {})
    if defaults.get("provider"):
        return {**defaults, **own}
    wanted, found = own.get("provider"), host.get("provider")
    if wanted and found and wanted != found:
        raise AnsibleActionFail(
            f"queue_policy_provider is {wanted}, but queue_connection of the host is a connection to {found}."
            " Remove one of them. No changes were made."
        )
    return {**_named(host), **defaults, **own}


def _named(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return options by their names: an alias of an option that another source names would win over it."""
    return {_NAMES.get(name, name): value for name, value in options.items()}
