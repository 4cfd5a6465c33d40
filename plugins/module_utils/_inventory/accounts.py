# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the accounts of an inventory file: which queues they name, and how each queue is reached.

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
"""The region that stands for all regions that are enabled for an account."""
KEYS: t.Final = ("access_key", "secret_key", "session_token")
PLAIN: t.Final = (
    *("account_id", "app_id", "profile", "assume_role_arn", "assume_role_external_id", "assume_role_session_name"),
    *("endpoint_url", "validate_certs", "ca_bundle"),
)
"""Options of the connection that are no secrets, and may be variables of a host."""
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
"""What a host name can hold so that patterns, limits, and templates take it as plain text."""


@dataclasses.dataclass(frozen=True)
class Queue:
    """One queue, or all of an account, and how it is reached.

    :param account: what stands for the account in the queue's name; may be empty.
    :param region: ALL for all of them.
    :param home: the region that is asked which regions there are; empty where the file names none.
    :param given: the options of the connection, keys and region left out.
    :param variables: option of a key to the environment variable that holds it.
    :param found: whether the provider named the region, and not the file.
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


def declare(accounts: t.Sequence[t.Any]) -> list[Queue]:
    """Return the queues that the accounts of a file stand for.

    :raises OptionError: an account breaks a rule; the text begins with its place in the list, from 0.
    """
    if not accounts:
        raise errors.OptionError("accounts: the list is empty; name at least one account.")
    queues: dict[str, Queue] = {}
    for number, account in enumerate(accounts):
        where = f"accounts[{number}]"
        for queue in _queues(where, _checked(where, account)):
            if queue.name in queues:
                text = f"{where}: the queue {queue.name} stands in the file twice; give the account a name."
                raise errors.OptionError(text)
            queues[queue.name] = queue
    return list(queues.values())


def is_region(traits: providers.Traits, name: t.Any) -> bool:
    """Whether something that a provider or a cache names as a region can be one."""
    fits = (
        isinstance(name, str) and len(name) <= _LONGEST and re.fullmatch(traits.rules["region"].pattern, name, re.ASCII)
    )
    return bool(fits)


def _checked(where: str, account: t.Any) -> dict[str, t.Any]:
    """Return the options of an account that are set; empty text is not set."""
    if not isinstance(account, t.Mapping):
        raise errors.OptionError(f"{where} must be a dictionary with provider and regions.")
    for name in account:
        if name not in _SPEC:
            raise _unknown(where, name)
    for name in _TEXTS:
        if account.get(name) is not None and not isinstance(account[name], str):
            raise validation.invalid_value(f"{where}.{name}", account[name], f"must be text; {_quotes(account[name])}")
    result = ArgumentSpecValidator(_SPEC).validate(dict(account))
    if result.error_messages:
        raise errors.OptionError(f"{where}: {'; '.join(result.error_messages)}")
    # An empty name of a variable is refused below: without it the keys of the environment would be used.
    return {
        name: value
        for name, value in result.validated_parameters.items()
        if value is not None and (value != "" or name.endswith("_variable"))
    }


def _quotes(value: t.Any) -> str:
    if isinstance(value, (bool, int, float)):
        return "put it in quotes, because YAML changes numbers (leading zeros) and words such as yes and no"
    return "give one value"


def _unknown(where: str, name: t.Any) -> errors.OptionError:
    if name in KEYS:
        text = f"the file must not hold keys; name the environment variable in {name}_variable"
        return errors.OptionError(f"{where}.{name}: {text}.")
    near = difflib.get_close_matches(str(name), _SPEC, 1)
    advice = f"did you mean {near[0]}?" if near else f"the options are {', '.join(sorted(_SPEC))}."
    shown = repr(name) if len(repr(name)) < 80 else "a long name"
    return errors.OptionError(f"{where}: {shown} is not an option of an account; {advice}")


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
    account = options.get("name") or options.get("account_id") or options.get("profile") or ""
    if account and not _HOST.fullmatch(account):
        rule = "must be 1 to 128 letters, digits, and signs of _.@+- to be part of a host's name; set the option name"
        raise validation.invalid_value(where, account, rule)
    home = options.get("home_region", "")
    for region in options["regions"]:
        yield Queue(options["provider"], account, region, home, given, variables)


def _check_regions(where: str, options: t.Mapping[str, t.Any], traits: providers.Traits) -> None:
    """Refuse an empty list, names that no region has, and the word for all regions where it means nothing."""
    regions, option = options["regions"], f"{where}.regions"
    if not regions:
        raise errors.OptionError(f"{option}: the list is empty; name at least one region.")
    if ALL in regions:
        if not traits.connection.regions:
            raise errors.OptionError(f"{option}: {traits.title} does not tell which regions there are; name them.")
        if len(regions) > 1:
            raise errors.OptionError(f"{option}: all stands for every region; give it alone.")
    for region in regions:
        if region != ALL:
            traits.rules["region"].check(option, region)
    if "home_region" in options:
        traits.rules["region"].check(f"{where}.home_region", options["home_region"])


def _variables(where: str, options: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the names of the environment variables of an account, which are put into templates."""
    found = {key: options[f"{key}_variable"] for key in KEYS if f"{key}_variable" in options}
    for key, name in found.items():
        _VARIABLE.check(f"{where}.{key}_variable", name)
    missing = [key for key in KEYS[:2] if found and key not in found]
    if missing:
        given = " and ".join(f"{key}_variable" for key in found)
        raise errors.OptionError(f"{where}.{missing[0]}_variable is required if {given} is given: a key pair has both.")
    if found and "profile" in options:
        raise errors.OptionError(f"{where}.profile: it cannot be combined with variables of keys; give one of the two.")
    return found
