# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the connection options, their environment variables, and their checks before any request.

Option names, aliases, and variables follow amazon.aws for AWS, and the providers' own tools for COS and OSS.
Private to this collection.
"""

from __future__ import annotations

import typing as t

from .._core import connections, errors, providers, validation

SECONDS: t.Final[dict[str, tuple[float, float]]] = {
    "request_timeout": (0.1, 3600),
    "retry_deadline": (0, 86400),
    "timeout": (0, 31_536_000),
    "interval": (0.1, 86400),
    "max_interval": (0.1, 86400),
    "wait_timeout": (0, 31_536_000),
    "wait_for_report": (0, 86400),
}
"""The options of all modules that take seconds, as numbers or as durations, with their ranges."""
_KEY_ID_NAMES: t.Final = ["aws_access_key_id", "aws_access_key", "secret_id", "access_key_id"]
_SECRET_NAMES: t.Final = ["aws_secret_access_key", "aws_secret_key", "access_key_secret"]
CONNECTION_SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "region": {"type": "str", "aliases": ["aws_region"]},
    "endpoint_url": {"type": "str", "aliases": ["aws_endpoint_url"]},
    "validate_certs": {"type": "bool", "default": True},
    "ca_bundle": {"type": "path", "aliases": ["aws_ca_bundle"]},
    "request_timeout": {"type": "raw", "default": 30.0},
    "account_id": {"type": "str", "aliases": ["uin"]},
    "app_id": {"type": "str", "aliases": ["appid"]},
    "access_key": {"type": "str", "no_log": False, "aliases": _KEY_ID_NAMES},
    "secret_key": {"type": "str", "no_log": True, "aliases": _SECRET_NAMES},
    "session_token": {"type": "str", "no_log": True, "aliases": ["aws_session_token", "security_token"]},
    "profile": {"type": "str", "aliases": ["aws_profile"]},
    "assume_role_arn": {"type": "str"},
    "assume_role_external_id": {"type": "str", "no_log": False},
    "assume_role_session_name": {"type": "str"},
    "concurrency": {"type": "int"},
    "max_attempts": {"type": "int", "default": 6},
    "retry_deadline": {"type": "raw", "default": 60.0},
}

_AT_LEAST: t.Final = {"request_timeout": 0.1, "concurrency": 1, "max_attempts": 1, "retry_deadline": 0}
_AT_MOST: t.Final = {"request_timeout": 3600.0, "concurrency": 1000}
"""Operating systems reject much longer socket timeouts, and more connections."""
_CONNECTIONS: t.Final = 64
"""Open connections at most, if the concurrency of a task is adaptive."""


def resolve(
    params: t.Mapping[str, t.Any], environment: t.Mapping[str, str], traits: providers.Traits
) -> providers.Options:
    """Return the options of a task. The environment applies to options that the task does not set.

    :raises OptionError: an option is not valid, or a required option is missing.
    """
    for option, least in _AT_LEAST.items():
        if params[option] is None:
            continue
        if not params[option] >= least:
            raise validation.invalid_value(option, params[option], f"must be {least} or more")
        if option in _AT_MOST and params[option] > _AT_MOST[option]:
            raise validation.invalid_value(option, params[option], f"must be {_AT_MOST[option]:g} or less")
    values = {name: _value(name, params, environment, traits) for name in ("region", "account_id", "app_id")}
    for name, value in values.items():
        if value and name in traits.rules:
            traits.rules[name].check(name, value)
    missing = [name for name, value in values.items() if not value and name in traits.connection.required]
    if missing:
        raise errors.OptionError(_required(missing, traits))
    role = _role(params, traits)
    if role and values["account_id"] and role.arn.split(":")[4] != values["account_id"]:
        rule = f"must be the account of assume_role_arn, which is {role.arn.split(':')[4]}"
        advice = "Correct one of the two options, or remove account_id."
        raise validation.invalid_value("account_id", values["account_id"], rule, advice)
    endpoint, source = _endpoint(params, environment, traits)
    return providers.Options(
        region=values["region"],
        account_id=values["account_id"],
        app_id=values["app_id"],
        endpoint_url=endpoint,
        endpoint_source=source,
        validate_certs=params["validate_certs"],
        ca_bundle=_value("ca_bundle", params, environment, traits),
        request_timeout=params["request_timeout"],
        profile=params["profile"] or "",
        credentials=_credentials(params, environment, traits),
        connections=params["concurrency"] or _CONNECTIONS,
        role=role,
    )


def _endpoint(
    params: t.Mapping[str, t.Any], environment: t.Mapping[str, str], traits: providers.Traits
) -> tuple[str, str]:
    """Return the endpoint, and the variable that sets it; empty if the task sets it, or if nothing does."""
    found = _value("endpoint_url", params, environment, traits)
    names = () if params.get("endpoint_url") else traits.connection.environment.get("endpoint_url", ())
    source = next((name for name in names if environment.get(name)), "") if found else ""
    return validation.parse_endpoint("endpoint_url", found) if found else "", source


def _role(params: t.Mapping[str, t.Any], traits: providers.Traits) -> t.Optional[providers.Role]:
    """Return the role to assume, None if the task does not name one."""
    # As for every other option, an empty text counts as not set: an unset variable leaves one.
    options = {name: params[name] or None for name in ("assume_role_external_id", "assume_role_session_name")}
    arn = params["assume_role_arn"]
    if not arn:
        useless = [name for name, value in options.items() if value]
        if useless:
            raise errors.OptionError(f"{useless[0]} requires assume_role_arn. Set assume_role_arn, or remove it.")
        return None
    if "assume_role_arn" not in traits.rules:
        raise errors.OptionError(
            f"assume_role_arn is not supported for {traits.title}. Set access_key and secret_key, or profile."
        )
    for name, value in {"assume_role_arn": arn, **options}.items():
        if value is not None:
            traits.rules[name].check(name, value)
    return providers.Role(arn, options["assume_role_external_id"] or "", options["assume_role_session_name"] or "")


def read_seconds(params: dict[str, t.Any]) -> None:
    """Replace durations with seconds.

    :raises OptionError: an option is not a number or a duration, or is out of range.
    """
    for option, (least, most) in SECONDS.items():
        if params.get(option) is not None:
            params[option] = validation.parse_seconds(option, params[option], least, most)


def secret_names() -> list[str]:
    """Return the names and aliases of the options that hold secrets."""
    secret = {name: spec for name, spec in CONNECTION_SPEC.items() if spec.get("no_log")}
    return [*secret, *(alias for spec in secret.values() for alias in spec["aliases"])]


def passwords(params: t.Mapping[str, t.Any]) -> list[str]:
    """Return the user and password of an endpoint. Such an endpoint is rejected, and its password must not show."""
    before, found, _host = (params.get("endpoint_url") or "").rpartition("@")
    text = before.rpartition("//")[2]
    return [text, text.partition(":")[2] or text] if found and text else []


def _value(name: str, params: t.Mapping[str, t.Any], environment: t.Mapping[str, str], traits: providers.Traits) -> str:
    names = traits.connection.environment.get(name, ())
    if environment.get(traits.connection.ignored.get(name, ""), "").lower() == "true":
        names = ()
    return params.get(name) or next((environment[key] for key in names if environment.get(key)), "")


def _required(names: t.Sequence[str], traits: providers.Traits) -> str:
    """Return one sentence about all missing options, and one sentence about each of them."""
    verb = "is required" if len(names) == 1 else "are required"
    return " ".join(
        [f"{' and '.join(names)} {verb} for {traits.title}.", *(where_to_set(name, traits) for name in names)]
    )


def where_to_set(name: str, traits: providers.Traits) -> str:
    """Return the sentence that states where an option can be set: its aliases and its variables."""
    aliases = CONNECTION_SPEC[name].get("aliases", ())
    variables = traits.connection.environment.get(name, ())
    own = [alias for alias in aliases if not alias.startswith("aws_")]
    also = f" (alias {own[0]})" if own else ""
    if variables:
        *others, last = variables
        names = f"{', '.join(others)}, or {last}" if len(others) > 1 else " or ".join(variables)
        return f"Set {name}{also} in the task or in {names}."
    playbooks = traits.connection.playbook_variables.get(name, "")
    rest = f", or in {playbooks} for the playbooks of this collection" if playbooks else ""
    return f"Set {name}{also} in the task{rest}."


def _credentials(
    params: t.Mapping[str, t.Any], environment: t.Mapping[str, str], traits: providers.Traits
) -> t.Optional[providers.Credentials]:
    """Return the key pair of the task, or of one family of variables, never a mix of both."""
    given = [name for name in connections.KEYS if params[name]]
    if given and params["profile"]:
        raise errors.OptionError(
            f"options are mutually exclusive: profile and {', '.join(given)}. Set either profile or the keys."
        )
    if params["profile"]:
        return None
    source = params if given else _from_environment(environment, traits)
    if source is None:
        return None
    access_key, secret_key, token = (source[name] or "" for name in connections.KEYS)
    for name in connections.KEYS[:2]:
        if not source[name]:
            others = " and ".join(given)
            raise errors.OptionError(
                f"{name} is required if {others} {'is' if len(given) == 1 else 'are'} set."
                f" Set {name} in the task, or remove {others} to use the credentials of the environment."
            )
    return connections.check_keys(providers.Credentials(access_key, secret_key, token))


def _from_environment(environment: t.Mapping[str, str], traits: providers.Traits) -> t.Optional[t.Mapping[str, t.Any]]:
    """Return the keys of the first family of variables that has a pair; None if no family has one."""
    for family in traits.connection.families:
        own = {name: value for name, value in environment.items() if name.startswith(family)}
        keys = {name: _value(name, {}, own, traits) for name in connections.KEYS}
        if keys["access_key"] and keys["secret_key"]:
            return keys
    return None
