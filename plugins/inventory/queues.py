# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: queues
short_description: Add object storage batch job queues as hosts
version_added: 1.0.0
author:
  - objectstore.batch contributors (@objectstore-batch)
description:
  - Adds a host for each queue, which is a combination of provider, account, and region. One play can then manage many
    queues.
  - The plugin reads the queues in parallel. It sets the state of each queue as host variables, and groups the hosts by
    provider, account, region, and state. The notes list all variables and groups.
  - If the plugin cannot read a queue, it adds the host to the C(unreachable) group and sets C(queue_error). Other
    queues are not affected.
  - Inventory files must have names that end in C(batch_queues.yml) or C(batch_queues.yaml).
  - The host variable C(queue_connection) contains all options that a module needs for the queue. Set
    C(group/objectstore.batch.all) in C(module_defaults) to it.
  - Host variables never contain keys. They contain the profile, the role, or the names of the environment variables
    that hold the keys.
  - The cache contains only counts, states, account IDs, and regions of queues that could be read. It contains no
    failures and no connection options.
  - A cache entry is used only while the account in the inventory file and the environment variables of the provider are
    unchanged.
extends_documentation_fragment:
  - constructed
  - inventory_cache
  - objectstore.batch.accounts
options:
  plugin:
    description: Name of this plugin.
    type: str
    required: true
    choices: [objectstore.batch.queues]
  prefix:
    description: Prefix of the names of the host variables.
    type: str
    default: queue_
  only_with_jobs:
    description: Whether to omit queues without live jobs. Queues that cannot be read are always included.
    type: bool
    default: false
  request_timeout:
    description: Maximum time to wait for a response. Set a number of seconds from V(0.1) to V(3600), or a duration, for
      example V(90s).
    type: raw
    default: 10
  max_attempts:
    description: Maximum number of attempts for one request, from V(1) to V(100).
    type: int
    default: 3
  timeout:
    description:
      - Maximum time to read one queue. After this time, the queue is unreachable. Set a number of seconds from V(0.1)
        to V(86400), or a duration, for example V(2m).
      - The time includes the requests for credentials, account, and region, and all attempts and pages.
    type: raw
    default: 30
  retries:
    description:
      - Maximum number of retries for all queues together, from V(0) to V(1000000).
      - If a service is unavailable for all queues, the plugin does not retry it for each of them.
    type: int
    default: 100
  concurrency:
    description: Maximum number of queues to read at the same time, from V(1) to V(1000).
    type: int
    default: 64
  strict:
    description: Whether to fail the inventory if a queue cannot be read, or if an entry of O(compose), O(groups), or
      O(keyed_groups) is invalid.
    type: bool
    default: false
requirements:
  - boto3 >= 1.34.0 (provider=aws)
  - requests >= 2.31.0 (provider=cos, provider=oss)
notes:
  - The next notes list the variables of a host, with the default value of O(prefix). V(null) means that the value is
    not known or not set. It does not mean zero.
  - 'C(queue_connection) (dict): The options that reach the queue, by the names of the modules. Never V(null).'
  - 'C(queue_provider) (str): The provider. Never V(null).'
  - 'C(queue_region) (str): The region, or V(all) if the regions of the account could not be read. Never V(null).'
  - 'C(queue_account_id) (str): The account that was used to read the queue, or the one in the file. V(null) if not
    known.'
  - 'C(queue_app_id) (str): The APPID in the file. V(null) if not set.'
  - 'C(queue_profile) (str): The profile in the file. V(null) if not set.'
  - 'C(queue_assume_role_arn) (str): The role in the file. V(null) if not set.'
  - 'C(queue_assume_role_external_id) (str): The external ID for the role in the file. V(null) if not set.'
  - 'C(queue_assume_role_session_name) (str): The session name for the role in the file. V(null) if not set.'
  - 'C(queue_endpoint_url) (str): The endpoint in the file. V(null) if not set.'
  - 'C(queue_validate_certs) (bool): Whether certificates are validated, as in the file. V(null) if not set.'
  - 'C(queue_ca_bundle) (str): The CA certificates file in the file. V(null) if not set.'
  - 'C(queue_access_key_variable) (str): The environment variable with the access key. V(null) if not set.'
  - 'C(queue_secret_key_variable) (str): The environment variable with the secret key. V(null) if not set.'
  - 'C(queue_session_token_variable) (str): The environment variable with the session token. V(null) if not set.'
  - 'C(queue_live) (int): The number of live jobs. V(null) if unreachable.'
  - 'C(queue_statuses) (dict): The number of live jobs by status. V(null) if unreachable.'
  - 'C(queue_oldest_waiting) (str): The creation time of the oldest waiting job, in UTC. V(null) if unreachable or no
    job waits.'
  - 'C(queue_awaiting_confirmation) (int): The number of Suspended jobs. V(null) if unreachable.'
  - 'C(queue_failed_tasks) (int): The number of failed tasks of live jobs. V(null) if unreachable.'
  - 'C(queue_stalled) (int): The number of Active jobs older than an hour without a finished task. V(null) if
    unreachable.'
  - 'C(queue_highest_priority) (int): The highest priority of a live job. V(null) if unreachable or no job is live.'
  - 'C(queue_active_seconds) (int): The longest active time of the Active jobs, in seconds. V(null) if unreachable, no
    job is Active, or the time of one is not known.'
  - 'C(queue_rate) (float): The objects per second of all Active jobs together. V(null) if unreachable, no job is
    Active, or the rate of one is not known.'
  - 'C(queue_estimated_end) (str): The latest estimated end of the Active jobs, in UTC. V(null) if unreachable, no job
    is Active, or the end of one is not known.'
  - 'C(queue_estimate_basis) (str): V(timer), which means that the rate comes from the timer of the provider. V(null)
    if unreachable or the rate is not known.'
  - 'C(queue_state) (str): V(idle), V(waiting), V(running), V(stalled), V(awaiting_confirmation), or V(unreachable).
    Never V(null).'
  - 'C(queue_error) (dict): Why the queue could not be read, as RV(objectstore.batch.batch_job_info#module:error), with
    the sentence C(msg). V(null) if it could be read.'
  - The next notes list the groups. Characters that are not valid in a group name become underscores.
  - 'C(batch_queues) (group): All queues.'
  - 'C(cloud_PROVIDER) (group): The queues of a provider, for example C(cloud_aws).'
  - 'C(account_ACCOUNT) (group): The queues of an account, for example C(account_111122223333). A host is in no such
    group if its account is not known.'
  - 'C(region_REGION) (group): The queues of a region, for example C(region_eu_central_1).'
  - 'C(state_STATE) (group): The queues with this value of C(queue_state), for example C(state_stalled).'
  - 'C(unreachable) (group): The queues that could not be read. The C(state_unreachable) group has the same hosts.'
  - The plugin sets C(ansible_connection=local) for each host. It sets C(ansible_python_interpreter) for the
    C(batch_queues) group to the Python interpreter that runs Ansible. Set C(ansible_python_interpreter) in
    C(group_vars) to use another interpreter.
  - If the inventory file cannot be parsed, Ansible prints a warning, continues without its hosts, and can exit with
    status 0. Set C(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true) for scheduled runs.
seealso:
  - module: objectstore.batch.batch_job_info
    description: Lists the jobs of one queue.
  - module: objectstore.batch.batch_queue
    description: Orders the jobs of one queue.
"""

EXAMPLES = r"""
# production.batch_queues.yml
plugin: objectstore.batch.queues
accounts:
  # All regions that are enabled for an AWS account, with a role
  - provider: aws
    account_id: "111122223333"
    assume_role_arn: arn:aws:iam::111122223333:role/queues
    regions: all
  # A Tencent COS account, with keys from environment variables
  - provider: cos
    account_id: "100000000001"
    app_id: "1250000000"
    access_key_variable: TENCENTCLOUD_SECRET_ID
    secret_key_variable: TENCENTCLOUD_SECRET_KEY
    regions: [ap-guangzhou]
  # An Alibaba Cloud OSS account, with a profile
  - provider: oss
    name: archive
    profile: archive
    regions: [cn-hangzhou, cn-beijing]
only_with_jobs: true
groups:
  crowded: queue_live is not none and queue_live > 100
keyed_groups:
  - key: queue_region
    prefix: where
"""

import os
import re
import time
import typing as t

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._core import display, errors
from ..module_utils._inventory import accounts, queue_scan, scan_cache

_GROUP: t.Final = "batch_queues"
_PLAIN: t.Final = re.compile(r"[A-Za-z0-9_.:/@+=,-]*")
"""Text that cannot be a template, an expression, or a part of one."""
_KEY: t.Final = (
    "{{{{ (lookup('ansible.builtin.env', '{variable}') or undef()) | ansible.builtin.mandatory('Environment variable"
    " {variable} is not set or empty on the controller. The inventory file names it for {option}.') }}}}"
)
"""A key, read when it is used. It fails if it is missing: with a default, other keys would be used."""
_DAMAGED: t.Final = (AnsibleError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""Exceptions of the ansible-core cache plugins for damaged files."""
_SHOWN: t.Final = 10
"""Unreachable queues with one warning each."""
_NAMED: t.Final = 3
"""Maximum number of queues in one warning."""


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Queues as hosts."""

    NAME = "objectstore.batch.queues"

    def verify_file(self, path: str) -> bool:
        """Return whether a file belongs to this plugin."""
        ours: bool = super().verify_file(path) and path.endswith(("batch_queues.yml", "batch_queues.yaml"))
        return ours

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Fill the inventory."""
        super().parse(inventory, loader, path)
        self._read_config_data(path)
        try:
            limits = queue_scan.check_limits(self.get_options())
            queues = accounts.declare([self._templated(*item) for item in enumerate(self.get_option("accounts"))])
            looks = self._look(queues, limits, self.get_cache_key(path), cache)
        except errors.OptionError as error:
            raise AnsibleParserError(str(error)) from None
        self._refuse(looks)
        self._warn(looks)
        self.inventory.add_group(_GROUP)
        # A group variable, so that group_vars can override it.
        self.inventory.set_variable(_GROUP, "ansible_python_interpreter", _trusted("{{ ansible_playbook_python }}"))
        for look in looks:
            if look.failure or look.values["live"] or not self.get_option("only_with_jobs"):
                self._add(look)

    def _templated(self, number: int, account: t.Any) -> t.Any:
        try:
            return self.templar.template(account)
        except AnsibleError as error:
            # Without the original error: ansible-core would print lines of the file.
            raise AnsibleParserError(f"accounts[{number}]: template error: {error.message}") from None

    def _look(
        self, queues: list[accounts.Queue], limits: queue_scan.ScanLimits, key: str, cache: bool
    ) -> list[queue_scan.QueueScan]:
        """Return the results of all queues, from the cache if it is enabled."""
        if not self.get_option("cache"):
            return queue_scan.scan_queues(queues, os.environ, limits)
        stored = self._stored(key) if cache else None
        kept = scan_cache.Kept(stored, time.time(), self.get_option("cache_timeout"), os.environ)
        looks = queue_scan.scan_queues(queues, os.environ, limits, kept)
        if kept.as_stored() != stored:
            self._cache[key] = kept.as_stored()
        return looks

    def _stored(self, key: str) -> t.Any:
        try:
            return self._cache.get(key)
        except _DAMAGED as error:
            text = "The inventory cache is damaged and was ignored. All queues are read"
            self.display.warning(f"{text} ({type(error).__name__}).")
            return None

    def _warn(self, looks: list[queue_scan.QueueScan]) -> None:
        """Show the warnings of queues that could be read, each text once."""
        texts: dict[str, list[str]] = {}
        for look in looks:
            for text in look.warnings:
                texts.setdefault(text, []).append(look.queue.name)
        for text, names in texts.items():
            self.display.warning(f"{display.and_more(names, _NAMED)}: {text}")

    def _refuse(self, looks: list[queue_scan.QueueScan]) -> None:
        """Warn about queues that cannot be read, or fail."""
        bad = [look for look in looks if look.failure]
        if bad and self.get_option("strict"):
            more = f" {display.count(len(bad) - 1, 'more queue')} cannot be read." if len(bad) > 1 else ""
            hint = (bad[0].error() or {}).get("hint", "")
            text = f"Cannot read queue {bad[0].queue.name} {bad[0].reason()} {hint}".rstrip()
            raise AnsibleParserError(f"{text}{more}")
        for look in bad[:_SHOWN]:
            self.display.warning(f"Unreachable queue {look.queue.name} {look.reason()}")
        if len(bad) > _SHOWN:
            more = display.count(len(bad) - _SHOWN, "more unreachable queue")
            self.display.warning(f"{more} in the group unreachable.")

    def _add(self, look: queue_scan.QueueScan) -> None:
        """Add one host, with its variables and groups."""
        prefix, name = self.get_option("prefix"), look.queue.name
        own = {f"{prefix}{key}": value for key, value in _variables(look).items()}
        self.inventory.add_host(name)
        self.inventory.set_variable(name, "ansible_connection", _trusted("local"))
        for key, value in own.items():
            self.inventory.set_variable(name, key, value)
        groups = [f"cloud_{look.queue.provider}", f"region_{look.queue.region}", f"state_{look.values['state']}"]
        groups += [f"account_{look.account_id}"] if look.account_id else []
        groups += ["unreachable"] if look.failure else []
        for group in [_GROUP, *groups]:
            self.inventory.add_child(self.inventory.add_group(self._sanitize_group_name(group)), name)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), own, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), own, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), own, name, strict=strict)


def _variables(look: queue_scan.QueueScan) -> dict[str, t.Any]:
    """Return the variables of a host, with untrusted text marked as unsafe."""
    queue = look.queue
    known = {
        **{name: _own(queue.given.get(name)) for name in accounts.PLAIN},
        "provider": _own(queue.provider),
        "region": wrap_var(queue.region) if queue.found else _own(queue.region),
    }
    if look.account_id and look.account_id != known["account_id"]:
        known["account_id"] = wrap_var(look.account_id)
    named = {f"{key}_variable": _own(queue.variables.get(key)) for key in accounts.KEYS}
    keys = {key: _trusted(_KEY.format(variable=name, option=key)) for key, name in queue.variables.items()}
    connection = {**{name: value for name, value in known.items() if value is not None}, **keys}
    own = {name: _own(look.values[name]) for name in ("state", "oldest_waiting", "estimated_end", "estimate_basis")}
    values = {**wrap_var(look.values), **own, "error": wrap_var(look.error())}
    return {**known, **named, **values, "connection": connection}


def _own(value: t.Any) -> t.Any:
    """Return a trusted value: text that cannot be a template is exported unchanged."""
    if not isinstance(value, str):
        return value
    return _trusted(str(value)) if _PLAIN.fullmatch(value) else wrap_var(value)


def _trusted(text: str) -> str:
    """Return a text that ansible-core evaluates as a template and exports unchanged."""
    try:
        from ansible.template import trust_as_template  # since ansible-core 2.19
    except ImportError:
        return text
    return t.cast(str, trust_as_template(text))
