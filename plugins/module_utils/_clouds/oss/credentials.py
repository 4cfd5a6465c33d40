# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find credentials of Alibaba Cloud if neither the task nor the environment sets a key pair.

In the order of Alibaba's own libraries: an OIDC role of the environment, the profiles of the aliyun CLI, then the role
of the virtual machine (ECS). The metadata service is used only if the earlier locations have no credentials. Sources:
aliyun/credentials-python (default chain), aliyun/aliyun-cli config/profile.go. Private to this collection.
"""

from __future__ import annotations

import os
import typing as t
from urllib.parse import quote

from ..._core import display, providers
from ..shared import credential_cache, credential_locations, responses
from . import sts

CONFIG: t.Final = "~/.aliyun/config.json"
METADATA_URL: t.Final = "http://100.100.100.200/latest/"
_TOKEN_LIFE: t.Final = "21600"
_PROFILES: t.Final = ("ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE")
_SESSION: t.Final = "ansible-objectstore-batch"
_MODES: t.Final = ("AK", "StsToken", "RamRoleArn", "ChainableRamRoleArn", "EcsRamRole", "OIDC")
_DEEPEST: t.Final = 5
"""Profiles that can name one another as source."""

NoCredentials = credential_locations.NoCredentials


def find_credentials(options: providers.Options, requests: t.Any, secrets: responses.Secrets) -> credential_cache.Found:
    """Return the credentials of a profile, or of the first location that has some if no profile is set.

    :param requests: the library.
    :param secrets: receives the secrets of the keys and tokens by which roles are assumed.
    :raises NoCredentials: none found, or the first location with credentials cannot be used.
    """
    return _Chain(options, requests, secrets, os.environ).find()


class _Chain:
    """The locations, one after the other."""

    def __init__(
        self,
        options: providers.Options,
        requests: t.Any,
        secrets: responses.Secrets,
        environment: t.Mapping[str, str],
    ) -> None:
        self._options = options
        self._environment = environment
        self._sts = sts.Sts(options, requests, secrets)
        self._metadata = credential_locations.Metadata(requests, METADATA_URL)

    def find(self) -> credential_cache.Found:
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
        raise NoCredentials(
            f"no credentials found for OSS in the task, the environment, or {CONFIG}, and no role of this host"
        )

    def _variable(self, name: str) -> str:
        return self._environment.get(name, "")

    def _is_set(self, name: str) -> bool:
        return self._variable(name).lower() == "true"

    def _from_config(self, name: str) -> credential_cache.Found:
        config = _read_config()
        current = config.get("current") or "default"
        if not name and not isinstance(current, str):
            raise NoCredentials(f"the current profile in {CONFIG} is not a text")
        return self._from_profile(config, name or current, _DEEPEST)

    def _from_profile(self, config: t.Mapping[str, t.Any], name: str, depth: int) -> credential_cache.Found:
        found = [item for item in _list(config.get("profiles")) if isinstance(item, dict) and item.get("name") == name]
        if not found:
            raise NoCredentials(f"{CONFIG} has no profile {name!r}")
        profile = {key: value if isinstance(value, str) else "" for key, value in found[0].items()}
        mode = profile.get("mode") or "AK"
        where = f"profile {name!r} of {CONFIG}"
        if mode not in _MODES:
            text = f"{where} has the unsupported mode {mode!r}; supported modes are {', '.join(_MODES)}"
            raise NoCredentials(text)
        if mode == "EcsRamRole":
            machine = self._from_machine(profile.get("ram_role_name", ""))
            if machine is None:
                raise NoCredentials(f"{where} names the role of this host, but the metadata service returns no keys")
            return machine
        role, session = profile.get("ram_role_arn", ""), profile.get("ram_session_name", "") or _SESSION
        if mode == "OIDC":
            return self._sts.with_token(
                role, profile.get("oidc_provider_arn", ""), profile.get("oidc_token_file", ""), session
            )
        if mode == "ChainableRamRoleArn":
            if not depth:
                raise NoCredentials(f"{where} has a circular source_profile, or more than {_DEEPEST} nested ones")
            keys = self._from_profile(config, profile.get("source_profile", ""), depth - 1).keys
        else:
            keys = _pair(profile, where, with_token=mode != "AK")
        if "RamRoleArn" not in mode:
            return credential_cache.Found(keys)
        return self._sts.assume(keys, role, session, profile.get("external_id", ""))

    def _from_machine(self, role: str) -> t.Optional[credential_cache.Found]:
        """Return the keys of the instance role from the metadata service; None without that service or a role.

        The first request uses a token, as hardened hosts require. The second one does not, unless that is disabled.
        """
        ask = self._metadata.ask
        token = ask("PUT", "api/token", {"X-aliyun-ecs-metadata-token-ttl-seconds": _TOKEN_LIFE}) or ""
        # A header can contain nothing else.
        token = token if token.isprintable() and token.isascii() else ""
        if not token and self._is_set("ALIBABA_CLOUD_IMDSV1_DISABLED"):
            return None
        headers = {"X-aliyun-ecs-metadata-token": token} if token else {}
        path = "meta-data/ram/security-credentials/"
        name = credential_locations.role_name(role or ask("GET", path, headers))
        answer = ask("GET", path + quote(name, safe=""), headers) if name else None
        if answer is None:
            return None
        where = f"the response of the metadata service for the role {name} of this host"
        keys = credential_locations.read_json(answer, where)
        if keys.get("Code", "Success") != "Success":
            raise NoCredentials(f"{where} has the code {display.truncate(str(keys['Code']))[:100]!r} and no keys")
        found = credential_locations.pick(keys, sts.NAMES, where)
        return credential_cache.Found(found, credential_locations.moment(keys.get("Expiration")), sts.MARGIN)


def _pair(profile: t.Mapping[str, str], where: str, with_token: bool) -> providers.Credentials:
    names = ("access_key_id", "access_key_secret")
    missing = [name for name in names if not profile.get(name)]
    if missing:
        raise NoCredentials(f"{where} has no {' and no '.join(missing)}")
    token = profile.get("sts_token", "") if with_token else ""
    return providers.Credentials(profile[names[0]], profile[names[1]], token)


def _read_config() -> t.Mapping[str, t.Any]:
    try:
        content = credential_locations.read_file(os.path.expanduser(CONFIG))
    except FileNotFoundError as error:
        raise NoCredentials(f"the file {CONFIG} does not exist") from error
    except (OSError, ValueError) as error:
        raise NoCredentials(f"{CONFIG} cannot be read ({type(error).__name__})") from error
    return credential_locations.read_json(content, CONFIG)


def _list(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else []
