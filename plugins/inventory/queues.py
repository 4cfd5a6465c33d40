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
  - The queues are read in parallel. The state of each one is in its variables, and it is in groups by
    cloud, account, region and state. A queue that cannot be read spoils no other one. It is in the group
    C(unreachable), with its error.
  - Reads files whose names end in C(batch_queues.yml) or C(batch_queues.yaml).
  - Keys are never variables of a host. A profile, a role, or the names of the environment variables that hold them are.
  - Each host has the variable C(queue_connection), a dictionary with all options that reach its queue. In
    C(module_defaults), set C(group/objectstore.batch.all) to it.
  - The cache holds only numbers, states, account IDs, and regions of queues that could be read. It holds no failures
    and no options of a connection. An entry is used only while the account in the file and the variables of the
    provider in the environment are unchanged.
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
        M(objectstore.batch.batch_job_info). Put numbers in quotes.
      - On AWS C(regions) may be V(all), which stands for the regions that are enabled for the account. They are asked
        for with DescribeRegions of EC2 in C(home_region). If it is not set, the region of the profile is asked, or the
        main region of the partition of the role, which is V(us-east-1) in the partition C(aws).
      - C(access_key_variable), C(secret_key_variable) and C(session_token_variable) name the environment variables that
        hold the keys. Without them and without a profile the cloud's own places are searched. C(queue_connection) reads
        them on the controller when a task uses it. The task fails if a variable is not set or empty.
      - C(name) takes the place of the account in the names of the hosts.
    type: list
    elements: dict
    required: true
  prefix:
    description: What the names of the variables begin with.
    type: str
    default: queue_
  only_with_jobs:
    description: Whether queues without live jobs are left out. Queues that cannot be read are not left out.
    type: bool
    default: false
  request_timeout:
    description: Seconds to wait for a response, as a number or a duration such as V(90s).
    type: raw
    default: 10
  max_attempts:
    description: Maximum number of attempts for one request.
    type: int
    default: 3
  timeout:
    description: Seconds after which a queue counts as unreachable, as a number or a duration such as V(2m). The time
      covers everything that the queue needs, which is its credentials, account, and region, and all attempts and pages.
    type: raw
    default: 30
  retries:
    description: Maximum number of retries for all queues together. What is down for all queues is
      not asked again for each of them.
    type: int
    default: 100
  concurrency:
    description: Maximum number of queues that are read at the same time.
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
notes:
  - The variables of a host follow, with the default of O(prefix). C(null) means that the value is not known or not set.
    It does not mean zero.
  - 'C(queue_connection) (dict): The options that reach the queue, by the names of the modules. Null never.'
  - 'C(queue_provider) (str): The provider. Null never.'
  - 'C(queue_region) (str): The region, or C(all) if the regions of the account could not be read. Null never.'
  - 'C(queue_account_id) (str): The account that was used to read the queue, or the one in the file. Null if not known.'
  - 'C(queue_app_id) (str): The APPID in the file. Null if not set.'
  - 'C(queue_profile) (str): The profile in the file. Null if not set.'
  - 'C(queue_assume_role_arn) (str): The role in the file. Null if not set.'
  - 'C(queue_assume_role_external_id) (str): The external ID for the role in the file. Null if not set.'
  - 'C(queue_assume_role_session_name) (str): The session name for the role in the file. Null if not set.'
  - 'C(queue_endpoint_url) (str): The endpoint in the file. Null if not set.'
  - 'C(queue_validate_certs) (bool): Whether certificates are validated, as in the file. Null if not set.'
  - 'C(queue_ca_bundle) (str): The CA certificates file in the file. Null if not set.'
  - 'C(queue_access_key_variable) (str): The environment variable with the access key. Null if not set.'
  - 'C(queue_secret_key_variable) (str): The environment variable with the secret key. Null if not set.'
  - 'C(queue_session_token_variable) (str): The environment variable with the session token. Null if not set.'
  - 'C(queue_live) (int): The number of live jobs. Null if unreachable.'
  - 'C(queue_statuses) (dict): The number of live jobs by status. Null if unreachable.'
  - 'C(queue_oldest_waiting) (str): The creation time of the oldest waiting job, in UTC. Null if unreachable or no
    job waits.'
  - 'C(queue_awaiting_confirmation) (int): The number of Suspended jobs. Null if unreachable.'
  - 'C(queue_failed_tasks) (int): The number of failed tasks of live jobs. Null if unreachable.'
  - 'C(queue_stalled) (int): The number of Active jobs older than an hour without a finished task. Null if unreachable.'
  - 'C(queue_highest_priority) (int): The highest priority of a live job. Null if unreachable or no job is live.'
  - 'C(queue_state) (str): C(idle), C(waiting), C(running), C(stalled), C(awaiting_confirmation), or C(unreachable).
    Null never.'
  - 'C(queue_error) (dict): Why the queue could not be read, as RV(objectstore.batch.batch_job_info#module:error), with
    the sentence C(msg). Null if it could be read.'
  - 'The groups of a host are C(batch_queues), C(cloud_PROVIDER), C(account_ACCOUNT) if the account is known,
    C(region_REGION), C(state_STATE), and C(unreachable) if the queue could not be read. The hosts of C(unreachable) and
    C(state_unreachable) are the same.'
  - The plugin sets C(ansible_connection=local) for each host, and C(ansible_python_interpreter) for the group
    C(batch_queues) to the Python interpreter that runs Ansible. Set C(ansible_python_interpreter) in C(group_vars) to
    use another interpreter.
  - If the file cannot be parsed, Ansible prints a warning, continues without its hosts, and can end with 0. Set
    C(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) to V(true) for scheduled runs.
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
"""Text that can be neither a template nor an expression, nor a part of one."""
_KEY: t.Final = (
    "{{{{ (lookup('ansible.builtin.env', '{variable}') or undef()) | ansible.builtin.mandatory('Environment variable"
    " {variable} is not set or empty on the controller. The inventory file names it for {option}.') }}}}"
)
"""A key, looked up when it is used. It fails and is not undefined: a default would turn that into other keys."""
_DAMAGED: t.Final = (AnsibleError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What the cache plugins of ansible-core raise for files that hold something else, or no text."""
_SHOWN: t.Final = 10
"""Queues that cannot be read and are named in a warning each."""
_NAMED: t.Final = 3
"""Queues that one warning names."""


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
        try:
            limits = queue_scan.check_limits(self.get_options())
            queues = accounts.declare([self._templated(*item) for item in enumerate(self.get_option("accounts"))])
            looks = self._look(queues, limits, self.get_cache_key(path), cache)
        except errors.OptionError as error:
            raise AnsibleParserError(str(error)) from None
        self._refuse(looks)
        self._warn(looks)
        self.inventory.add_group(_GROUP)
        # A variable of the group, so that those of group_vars come before it.
        self.inventory.set_variable(_GROUP, "ansible_python_interpreter", _trusted("{{ ansible_playbook_python }}"))
        for look in looks:
            if look.failure or look.values["live"] or not self.get_option("only_with_jobs"):
                self._add(look)

    def _templated(self, number: int, account: t.Any) -> t.Any:
        try:
            return self.templar.template(account)
        except AnsibleError as error:
            # Without the error itself, by which ansible-core would print the lines of the file.
            raise AnsibleParserError(f"accounts[{number}]: a template fails: {error.message}") from None

    def _look(
        self, queues: list[accounts.Queue], limits: queue_scan.ScanLimits, key: str, cache: bool
    ) -> list[queue_scan.QueueScan]:
        """Return what the queues look like, with the cache where it is to be used."""
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
            text = "The cache of the inventory is damaged, so all queues are read"
            self.display.warning(f"{text} ({type(error).__name__}).")
            return None

    def _warn(self, looks: list[queue_scan.QueueScan]) -> None:
        """Pass on what a person should know of queues that can be read, each text once."""
        texts: dict[str, list[str]] = {}
        for look in looks:
            for text in look.warnings:
                texts.setdefault(text, []).append(look.queue.name)
        for text, names in texts.items():
            self.display.warning(f"{display.and_more(names, _NAMED)}: {text}")

    def _refuse(self, looks: list[queue_scan.QueueScan]) -> None:
        """Say which queues cannot be read, or fail."""
        bad = [look for look in looks if look.failure]
        if bad and self.get_option("strict"):
            more = f" {len(bad) - 1} more queues cannot be read either." if len(bad) > 1 else ""
            raise AnsibleParserError(f"The queue {bad[0].queue.name} cannot be read: {bad[0].reason()}{more}")
        for look in bad[:_SHOWN]:
            self.display.warning(
                f"The queue {look.queue.name} cannot be read and stands in the group unreachable: {look.reason()}"
            )
        if len(bad) > _SHOWN:
            self.display.warning(f"{len(bad) - _SHOWN} more queues cannot be read and are in the group unreachable.")

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
    """Return the variables of a host, with what others wrote marked as such."""
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
    own = {name: _own(look.values[name]) for name in ("state", "oldest_waiting")}
    values = {**wrap_var(look.values), **own, "error": wrap_var(look.error())}
    return {**known, **named, **values, "connection": connection}


def _own(value: t.Any) -> t.Any:
    """Return a value of the file or of ours: text that no template can be made of is exported as it is."""
    if not isinstance(value, str):
        return value
    return _trusted(str(value)) if _PLAIN.fullmatch(value) else wrap_var(value)


def _trusted(text: str) -> str:
    """Return a text of ours as one that ansible-core takes for a template, and exports as it is."""
    try:
        from ansible.template import trust_as_template  # since ansible-core 2.19
    except ImportError:
        return text
    return t.cast(str, trust_as_template(text))
