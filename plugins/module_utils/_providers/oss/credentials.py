# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where credentials of Alibaba Cloud are found when neither the task nor the environment names a key pair.

In the order of Alibaba's own libraries: an OIDC role of the environment, the profiles of the aliyun CLI, then the role
of the virtual machine (ECS). Nothing is asked of the machine's metadata while an earlier place has an answer.
Sources: aliyun/credentials-python (default chain), aliyun/aliyun-cli config/profile.go. Private to this collection.
"""

from __future__ import annotations

import json
import os
import typing as t
from urllib.parse import quote

from ansible_collections.objectstore.batch.plugins.module_utils._model import provider as _provider
from ansible_collections.objectstore.batch.plugins.module_utils._providers import reading as _reading
from ansible_collections.objectstore.batch.plugins.module_utils._providers.oss import sts as _sts

CONFIG: t.Final = "~/.aliyun/config.json"
METADATA_URL: t.Final = "http://100.100.100.200/latest/"
_METADATA_TIMEOUT: t.Final = 2.0
"""Seconds; outside a virtual machine of Alibaba's nobody answers at this address."""
_TOKEN_LIFE: t.Final = "21600"
_PROFILES: t.Final = ("ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE")
_SESSION: t.Final = "ansible-objectstore-batch"
_MODES: t.Final = ("AK", "StsToken", "RamRoleArn", "ChainableRamRoleArn", "EcsRamRole", "OIDC")
_DEEPEST: t.Final = 5
"""Profiles that may name one another as source."""

Send = t.Callable[..., t.Any]
NoCredentials = _sts.NoCredentials


def find_credentials(
    options: _provider.Options, requests: t.Any, environment: t.Optional[t.Mapping[str, str]] = None
) -> _provider.Credentials:
    """Return the credentials of a profile, or of the first place that has some where no profile is asked for.

    :param requests: the library.
    :raises NoCredentials: none found, or the first place that has some cannot be used.
    """
    return _Chain(options, requests, os.environ if environment is None else environment).find()


class _Chain:
    """The places, one after the other."""

    def __init__(self, options: _provider.Options, requests: t.Any, environment: t.Mapping[str, str]) -> None:
        self._options = options
        self._send: Send = requests.request
        self._environment = environment
        self._sts = _sts.Sts(options, requests.request)

    def find(self) -> _provider.Credentials:
        named = self._options.profile or next(filter(None, map(self._variable, _PROFILES)), "")
        if self._options.profile:
            return self._from_config(named)
        oidc = [
            self._variable(f"ALIBABA_CLOUD_{name}") for name in ("ROLE_ARN", "OIDC_PROVIDER_ARN", "OIDC_TOKEN_FILE")
        ]
        if all(oidc):
            return self._sts.with_token(oidc[0], oidc[1], oidc[2], self._variable("ALIBABA_CLOUD_ROLE_SESSION_NAME"))
        path = os.path.expanduser(CONFIG)
        if not self._is_set("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") and (named or os.path.exists(path)):
            return self._from_config(named)
        if not self._is_set("ALIBABA_CLOUD_ECS_METADATA_DISABLED"):
            found = self._from_machine(self._variable("ALIBABA_CLOUD_ECS_METADATA"))
            if found:
                return found
        raise NoCredentials(f"no credentials in the task, the environment, {CONFIG}, and no role of this machine")

    def _variable(self, name: str) -> str:
        return self._environment.get(name, "")

    def _is_set(self, name: str) -> bool:
        return self._variable(name).lower() == "true"

    def _from_config(self, name: str) -> _provider.Credentials:
        config = _read_config()
        return self._from_profile(config, name or str(config.get("current") or "default"), _DEEPEST)

    def _from_profile(self, config: t.Mapping[str, t.Any], name: str, depth: int) -> _provider.Credentials:
        found = [item for item in _list(config.get("profiles")) if isinstance(item, dict) and item.get("name") == name]
        if not found:
            raise NoCredentials(f"{CONFIG} has no profile {name!r}")
        profile = {key: value if isinstance(value, str) else "" for key, value in found[0].items()}
        mode = profile.get("mode") or "AK"
        where = f"profile {name!r} of {CONFIG}"
        if mode not in _MODES:
            text = f"{where} has the mode {mode!r}, which is not supported; the supported ones are {', '.join(_MODES)}"
            raise NoCredentials(text)
        if mode == "EcsRamRole":
            machine = self._from_machine(profile.get("ram_role_name", ""))
            if machine is None:
                raise NoCredentials(f"{where} names the role of this machine, and its metadata service gives no keys")
            return machine
        role, session = profile.get("ram_role_arn", ""), profile.get("ram_session_name", "") or _SESSION
        if mode == "OIDC":
            return self._sts.with_token(
                role, profile.get("oidc_provider_arn", ""), profile.get("oidc_token_file", ""), session
            )
        if mode == "ChainableRamRoleArn":
            if not depth:
                raise NoCredentials(f"{where} names a source that leads back to it, or too many of them")
            keys = self._from_profile(config, profile.get("source_profile", ""), depth - 1)
        else:
            keys = _keys(profile, where, with_token=mode != "AK")
        if "RamRoleArn" not in mode:
            return keys
        return self._sts.assume(keys, role, session, profile.get("external_id", ""))

    def _from_machine(self, role: str) -> t.Optional[_provider.Credentials]:
        """Ask the metadata service for the machine's role and its keys; None off a virtual machine, or without a role.

        First as hardened machines want it, with a token; then without, unless that is forbidden.
        """
        token = self._ask("PUT", "api/token", {"X-aliyun-ecs-metadata-token-ttl-seconds": _TOKEN_LIFE})
        if token is None and self._is_set("ALIBABA_CLOUD_IMDSV1_DISABLED"):
            return None
        headers = {"X-aliyun-ecs-metadata-token": token} if token else {}
        path = "meta-data/ram/security-credentials/"
        lines = (role or self._ask("GET", path, headers) or "").split()
        if not lines:
            return None
        try:
            keys = json.loads(self._ask("GET", path + quote(lines[0], safe=""), headers) or "")
            return _sts.credentials(keys)
        except (ValueError, LookupError, TypeError):
            return None

    def _ask(self, method: str, path: str, headers: t.Mapping[str, str]) -> t.Optional[str]:
        """Return the text of an answer, None where there is none; a header cannot hold a token of another form."""
        try:
            status, body = _sts.ask(self._send, method, METADATA_URL + path, _METADATA_TIMEOUT, headers=dict(headers))
        except (OSError, ValueError):
            # requests' exceptions are OSErrors.
            return None
        text = body.decode("utf-8", "replace").strip()
        return text if status == 200 and text.isprintable() and text.isascii() else None


def _keys(profile: t.Mapping[str, str], where: str, with_token: bool) -> _provider.Credentials:
    names = ("access_key_id", "access_key_secret")
    missing = [name for name in names if not profile.get(name)]
    if missing:
        raise NoCredentials(f"{where} has no {' and no '.join(missing)}")
    token = profile.get("sts_token", "") if with_token else ""
    return _provider.Credentials(profile[names[0]], profile[names[1]], token)


def _read_config() -> t.Mapping[str, t.Any]:
    path = os.path.expanduser(CONFIG)
    try:
        with open(path, "rb") as stream:
            config = json.loads(stream.read(_reading.LARGEST))
    except FileNotFoundError as error:
        raise NoCredentials(f"there is no file {CONFIG}") from error
    except (OSError, ValueError, RecursionError) as error:
        # The parser's own text may quote what stands there.
        raise NoCredentials(f"{CONFIG} cannot be read as a JSON file ({type(error).__name__})") from error
    if not isinstance(config, dict):
        raise NoCredentials(f"{CONFIG} holds no profiles")
    return config


def _list(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else []
