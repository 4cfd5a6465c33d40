# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the accounts of an inventory file: which queues they define, and how to connect to each.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._clouds import registry
from .._core import errors, providers, validation

ALL: t.Final = "all"
"""The region name that selects all regions that are enabled for an account."""
KEYS: t.Final = ("access_key", "secret_key", "session_token")
PLAIN: t.Final = (
    *("account_id", "app_id", "profile", "assume_role_arn", "assume_role_external_id", "assume_role_session_name"),
    *("endpoint_url", "validate_certs", "ca_bundle"),
)
"""Connection options that are not secret and can be host variables."""
_TEXTS: t.Final = ("provider", "name", "home_region", *(name for name in PLAIN if name != "validate_certs"))
_SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "provider": {"type": "str", "required": True, "choices": list(registry.PROVIDERS)},
    "regions": {"type": "list", "elements": "str", "required": True},
    "validate_certs": {"type": "bool"},
    **{name: {"type": "str"} for name in _TEXTS if name != "provider"},
    **{f"{name}_variable": {"type": "str"} for name in KEYS},
}
_VARIABLE: t.Final = validation.Rule(
    "[A-Za-z_][A-Za-z0-9_]{0,255}",
    "the name of an environment variable: letters, digits, and underscores, and no digit first",
)
_LONGEST: t.Final = 64
"""Characters of a region's name."""
_HOST: t.Final = re.compile(r"[A-Za-z0-9_.@+-]{1,128}")
"""Characters of an inventory hostname that patterns, limits, and templates read as plain text."""


@dataclasses.dataclass(frozen=True)
class Queue:
    """One queue, or all of an account, and how to connect to it.

    :param account: the account part of the queue name; can be empty.
    :param region: ALL for all regions.
    :param home: the region that receives the region list request; empty if the file does not set it.
    :param given: the connection options, without keys and region.
    :param variables: key option to the environment variable with its value.
    :param found: whether the region comes from the provider and not from the file.
    """

    provider: str
    account: str
    region: str
    home: str
    given: t.Mapping[str, t.Any]
    variables: t.Mapping[str, str]
    found: bool = False

    @property
    def name(self) -> str:
        """The name of the host."""
        return "-".join(part for part in (self.provider, self.account, self.region) if part)

    def in_region(self, region: str) -> Queue:
        """Return the queue of a region that the provider returned."""
        return dataclasses.replace(self, region=region, found=True)


def declare(accounts: t.Sequence[t.Any]) -> list[Queue]:
    """Return the queues that the accounts of a file define.

    :raises OptionError: an account is not valid; the text includes its index in the list, from 0.
    """
    if not accounts:
        raise validation.invalid_value("accounts", accounts, "must contain at least one account")
    queues: dict[str, Queue] = {}
    for number, account in enumerate(accounts):
        where = f"accounts[{number}]"
        for queue in _queues(where, _checked(where, account)):
            if queue.name in queues:
                raise errors.OptionError(listed_twice(where, queue.name))
            queues[queue.name] = queue
    return list(queues.values())


def listed_twice(where: str, name: str) -> str:
    """Return the error text for two queues with the same name."""
    return f"{where}: queue {name} is listed more than once. Set a different name for one of the accounts."


def is_region(traits: providers.Traits, name: t.Any) -> bool:
    """Whether a region name from a provider or a cache is valid."""
    fits = (
        isinstance(name, str) and len(name) <= _LONGEST and re.fullmatch(traits.rules["region"].pattern, name, re.ASCII)
    )
    return bool(fits)


def _checked(where: str, account: t.Any) -> dict[str, t.Any]:
    """Return the options of an account that are set; empty text counts as not set."""
    if not isinstance(account, t.Mapping):
        raise validation.hidden_value(where, "must be a dictionary with provider and regions")
    for name in account:
        if name not in _SPEC:
            raise _unknown(where, name)
    for name in _TEXTS:
        if account.get(name) is not None and not isinstance(account[name], str):
            raise validation.invalid_value(f"{where}.{name}", account[name], "must be text", _quotes(account[name]))
    result = ArgumentSpecValidator(_SPEC).validate(dict(account))
    if result.error_messages:
        raise errors.OptionError(f"{where}: {'; '.join(result.error_messages)}")
    # An empty variable name is rejected below: otherwise, the keys in the environment would be used.
    return {
        name: value
        for name, value in result.validated_parameters.items()
        if value is not None and (value != "" or name.endswith("_variable"))
    }


def _quotes(value: t.Any) -> str:
    if isinstance(value, (bool, int, float)):
        return "Put the value in quotes, because YAML changes numbers (leading zeros) and words such as yes and no."
    return "Set a single value."


def _unknown(where: str, name: t.Any) -> errors.OptionError:
    if name in KEYS:
        advice = f"Set {name}_variable to the name of an environment variable with the value."
        return validation.hidden_value(f"{where}.{name}", "must not be in an inventory file", advice)
    near = difflib.get_close_matches(str(name), _SPEC, 1)
    advice = f"Did you mean {near[0]}?" if near else f"Supported options: {', '.join(sorted(_SPEC))}."
    shown = repr(name) if len(repr(name)) < 80 else "(a long name)"
    return errors.OptionError(f"{where}: unsupported option {shown}. {advice}")


def _queues(where: str, options: t.Mapping[str, t.Any]) -> t.Iterator[Queue]:
    """Yield a queue for each region of an account."""
    traits = registry.PROVIDERS[options["provider"]]().traits
    _check_regions(where, options, traits)
    given = {name: options[name] for name in PLAIN if name in options}
    if "endpoint_url" in given:
        given["endpoint_url"] = validation.parse_endpoint(f"{where}.endpoint_url", given["endpoint_url"])
    for name in ("account_id", "app_id"):
        if name in given and name in traits.rules:
            traits.rules[name].check(f"{where}.{name}", given[name])
    variables = _variables(where, options)
    source = next((option for option in ("name", "account_id", "profile") if options.get(option)), "")
    account = options[source] if source else ""
    if account and not _HOST.fullmatch(account):
        rule = "must be 1 to 128 letters, digits, or _.@+- characters"
        advice = (
            "It is a part of the hostname." if source == "name" else "It is a part of the hostname unless name is set."
        )
        raise validation.invalid_value(f"{where}.{source}", account, rule, advice)
    home = options.get("home_region", "")
    for region in options["regions"]:
        yield Queue(options["provider"], account, region, home, given, variables)


def _check_regions(where: str, options: t.Mapping[str, t.Any], traits: providers.Traits) -> None:
    """Reject an empty list, invalid region names, and all if the provider does not list its regions."""
    regions, option = options["regions"], f"{where}.regions"
    if not regions:
        raise validation.invalid_value(option, regions, "must contain at least one region")
    if ALL in regions:
        if not traits.connection.regions:
            rule = f"must list the regions, because {traits.title} does not support all"
            raise validation.invalid_value(option, regions, rule)
        if len(regions) > 1:
            raise validation.invalid_value(option, regions, "must not combine all with other regions")
    for region in regions:
        if region != ALL:
            traits.rules["region"].check(option, region)
    if "home_region" in options:
        traits.rules["region"].check(f"{where}.home_region", options["home_region"])


def _variables(where: str, options: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the environment variable names of an account, which become a part of templates."""
    found = {key: options[f"{key}_variable"] for key in KEYS if f"{key}_variable" in options}
    for key, name in found.items():
        _VARIABLE.check(f"{where}.{key}_variable", name)
    missing = [key for key in KEYS[:2] if found and key not in found]
    if missing:
        given = " and ".join(f"{key}_variable" for key in found)
        text = f"{where}.{missing[0]}_variable is required with {given}, because a key pair has two parts"
        raise errors.OptionError(text)
    if found and "profile" in options:
        variables = " and ".join(f"{key}_variable" for key in found)
        raise errors.OptionError(f"{where}: parameters are mutually exclusive: profile|{variables}")
    return found
