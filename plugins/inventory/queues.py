# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: queues
short_description: Queues of object-storage batch jobs as hosts
version_added: 1.0.0
author:
  - objectstore.batch contributors (@objectstore-batch)
description:
  - Makes a host of each queue, which is a cloud, an account and a region, so that one play works on many of them.
  - The queues are looked at in parallel. What each one looks like is in its variables, and it stands in groups by
    cloud, account, region and state. A queue that cannot be read spoils no other one. It stands in the group
    C(unreachable), with its error.
  - Reads files whose names end in C(batch_queues.yml) or C(batch_queues.yaml).
  - Keys are never variables of a host. A profile, a role, or the names of the environment variables that hold them are.
extends_documentation_fragment:
  - constructed
  - inventory_cache
options:
  plugin:
    description: Has to be V(objectstore.batch.queues).
    type: str
    required: true
    choices: [objectstore.batch.queues]
  accounts:
    description:
      - The accounts, each a dictionary with C(provider) and C(regions), a list.
      - C(account_id), C(app_id), C(profile), C(assume_role_arn), C(assume_role_external_id),
        C(assume_role_session_name), C(endpoint_url), C(validate_certs) and C(ca_bundle) are those of
        M(objectstore.batch.batch_job_info).
      - On AWS C(regions) may be V(all), which stands for the regions that are enabled for the account. They are asked
        for with DescribeRegions of EC2 in C(home_region), V(us-east-1) by default.
      - C(access_key_variable), C(secret_key_variable) and C(session_token_variable) name the environment variables that
        hold the keys. Without them and without a profile the cloud's own places are searched.
      - C(name) takes the place of the account in the names of the hosts.
    type: list
    elements: dict
    required: true
  prefix:
    description: What the names of the variables begin with.
    type: str
    default: queue_
  only_with_jobs:
    description: Whether queues without live jobs are left out.
    type: bool
    default: false
  request_timeout:
    description: Seconds to wait for an answer, as a number or a duration such as V(90s).
    type: raw
    default: 10
  max_attempts:
    description: How often one request is sent at the most.
    type: int
    default: 3
  timeout:
    description: Seconds after which a queue counts as unreachable, all attempts and pages included, as a number or
      a duration such as V(2m).
    type: raw
    default: 30
  retries:
    description: How many requests are sent again at the most, of all queues together. What is down for all queues is
      not asked again for each of them.
    type: int
    default: 100
  concurrency:
    description: How many queues are looked at at once.
    type: int
    default: 64
  strict:
    description: Whether a queue that cannot be read, like an invalid entry of O(compose), O(groups) and
      O(keyed_groups), fails the inventory.
    type: bool
    default: false
requirements:
  - boto3 >= 1.34.0 (provider=aws)
  - requests >= 2.31.0 (provider=cos, provider=oss)
"""

EXAMPLES = r"""
# production.batch_queues.yml
plugin: objectstore.batch.queues
accounts:
  - provider: aws
    account_id: "111122223333"
    assume_role_arn: arn:aws:iam::111122223333:role/queues
    regions: all
  - provider: cos
    account_id: "100000000001"
    app_id: "1250000000"
    access_key_variable: TENCENTCLOUD_SECRET_ID
    secret_key_variable: TENCENTCLOUD_SECRET_KEY
    regions: [ap-guangzhou]
only_with_jobs: true
groups:
  crowded: queue_live > 100
keyed_groups:
  - key: queue_region
    prefix: where
"""

import os
import typing as t

from ansible.errors import AnsibleParserError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible_collections.objectstore.batch.plugins.module_utils._model import errors
from ansible_collections.objectstore.batch.plugins.module_utils._providers import registry
from ansible_collections.objectstore.batch.plugins.module_utils._tasks import queues as _queues

_HOME: t.Final = "us-east-1"
_ACCOUNT: t.Final[dict[str, dict[str, t.Any]]] = {
    "provider": {"type": "str", "required": True, "choices": list(registry.PROVIDERS)},
    "name": {"type": "str"},
    "regions": {"type": "list", "elements": "str", "required": True},
    "home_region": {"type": "str"},
    **{name: {"type": "bool" if name == "validate_certs" else "str"} for name in _queues.PLAIN},
    **{f"{name}_variable": {"type": "str"} for name in _queues.KEYS},
}


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Queues as hosts."""

    NAME = "objectstore.batch.queues"

    def verify_file(self, path: str) -> bool:
        """Return whether a file is one of ours."""
        ours: bool = super().verify_file(path) and path.endswith(("batch_queues.yml", "batch_queues.yaml"))
        return ours

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Fill the inventory."""
        super().parse(inventory, loader, path)
        self._read_config_data(path)
        queues = self._wanted()
        key = self.get_cache_key(path)
        use = bool(self.get_option("cache"))
        kept = self._cache.get(key) if use and cache else None
        names = [queue.name for queue in queues]
        if not isinstance(kept, dict) or kept.get("asked") != names:
            kept = {"asked": names, "found": self._look(queues)}
            if use:
                self._cache[key] = kept
        found = kept["found"]
        self._refuse(found)
        for name, variables in found.items():
            if variables["live"] or variables["error"] or not self.get_option("only_with_jobs"):
                self._add(name, variables)

    def _wanted(self) -> list[_queues.Queue]:
        """Return the queues that the options name."""
        queues: dict[str, _queues.Queue] = {}
        for number, account in enumerate(self.get_option("accounts")):
            result = ArgumentSpecValidator(_ACCOUNT).validate(self.templar.template(account))
            if result.error_messages:
                raise AnsibleParserError(f"accounts[{number}]: {'; '.join(result.error_messages)}")
            options = {name: value for name, value in result.validated_parameters.items() if value is not None}
            if not options["regions"]:
                raise AnsibleParserError(f"accounts[{number}].regions: the list is empty; name at least one region.")
            if _queues.ALL in options["regions"]:
                self._check_all(f"accounts[{number}].regions", options)
            for queue in _of_account(options):
                if queue.name in queues:
                    text = (
                        f"accounts[{number}]: the queue {queue.name} stands in the file twice; give the account a name."
                    )
                    raise AnsibleParserError(text)
                queues[queue.name] = queue
        return list(queues.values())

    def _check_all(self, where: str, options: dict[str, t.Any]) -> None:
        """Refuse the word for all regions where it means nothing, or not only itself."""
        facts = registry.PROVIDERS[options["provider"]]().facts
        if not facts.regions:
            raise AnsibleParserError(f"{where}: {facts.title} does not tell which regions there are; name them.")
        if len(options["regions"]) > 1:
            raise AnsibleParserError(f"{where}: all stands for every region; give it alone.")

    def _look(self, queues: list[_queues.Queue]) -> dict[str, dict[str, t.Any]]:
        try:
            limits = _queues.check_limits(self.get_options())
            return _queues.look_at(queues, os.environ, limits)
        except errors.InputError as error:
            raise AnsibleParserError(str(error)) from error

    def _refuse(self, found: dict[str, dict[str, t.Any]]) -> None:
        """Say which queues cannot be read, or fail."""
        bad = {name: variables["error"]["msg"] for name, variables in found.items() if variables["error"]}
        if bad and self.get_option("strict"):
            name, text = next(iter(bad.items()))
            more = f" {len(bad) - 1} more queues cannot be read either." if len(bad) > 1 else ""
            raise AnsibleParserError(f"The queue {name} cannot be read: {text}{more}")
        for name, text in bad.items():
            self.display.warning(f"The queue {name} cannot be read and stands in the group unreachable: {text}")

    def _add(self, name: str, variables: dict[str, t.Any]) -> None:
        """Add one host, with its variables and groups."""
        prefix = self.get_option("prefix")
        ours = {key: _trusted(variables[key]) for key in ("state", "oldest_waiting")}
        own = {f"{prefix}{key}": value for key, value in {**variables, **ours}.items()}
        self.inventory.add_host(name)
        self.inventory.set_variable(name, "ansible_connection", _trusted("local"))
        for key, value in own.items():
            self.inventory.set_variable(name, key, value)
        account = variables["account_id"]
        groups = [f"cloud_{variables['provider']}", f"region_{variables['region']}", f"state_{variables['state']}"]
        groups += [f"account_{account}"] if account else []
        groups += ["unreachable"] if variables["error"] else []
        for group in groups:
            self.inventory.add_child(self.inventory.add_group(self._sanitize_group_name(group)), name)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), own, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), own, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), own, name, strict=strict)


def _trusted(text: t.Optional[str]) -> t.Optional[str]:
    """Return a text of our own as one that is exported as it is; what clouds and servers say is not trusted."""
    try:
        from ansible.template import trust_as_template  # since ansible-core 2.19
    except ImportError:
        return text
    return t.cast("t.Optional[str]", trust_as_template(text)) if text else text


def _of_account(options: dict[str, t.Any]) -> t.Iterator[_queues.Queue]:
    """Yield a queue for each region of an account."""
    given = {name: options[name] for name in _queues.PLAIN if name in options}
    home = options.get("home_region") or _HOME
    variables = {key: options[f"{key}_variable"] for key in _queues.KEYS if f"{key}_variable" in options}
    account = options.get("name") or options.get("account_id") or options.get("profile") or ""
    for region in options["regions"]:
        yield _queues.Queue(options["provider"], account, region, home, given, variables)
