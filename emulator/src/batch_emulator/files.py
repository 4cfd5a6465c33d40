# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads accounts and the seed from files at the start."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from . import seeding
from .accounts import ACCOUNTS, CREDENTIALS, HOME, Credential
from .errors import AdminError
from .faults import read_fault
from .jobs import QueueKey
from .world import World

_KEY = ("provider", "account", "key_id", "secret", "token", "app_id")
_SEED = ("settings", "buckets", "jobs", "faults")
_BUCKET = ("provider", "name", "account", "region", "versioned", "objects")


class FileError(Exception):
    """A file has invalid content. The text contains the position and the accepted values."""


def read(path: Path) -> Any:
    """What a YAML or JSON file holds.

    :raises FileError: it cannot be read.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError, RecursionError) as error:
        raise FileError(f"{path}: {' '.join(str(error).split())}") from None


def use_accounts(path: Path) -> None:
    """Add the accounts of a file to those that are built in.

    :raises FileError: an entry is not one, or its key exists.
    """
    entries = read(path)
    if not isinstance(entries, list) or not entries:
        raise FileError(f"{path}: the file must be a list of accounts with {', '.join(_KEY)}.")
    for number, entry in enumerate(entries):
        key = _credential(f"{path}: entry {number + 1}", entry)
        CREDENTIALS[key.provider, key.key_id] = key
        ACCOUNTS[key.provider].add(key.account)


def _credential(where: str, entry: Any) -> Credential:
    if not isinstance(entry, dict) or set(entry) - set(_KEY):
        raise FileError(f"{where} must be a mapping that contains only {', '.join(_KEY)}.")
    given = {name: value for name, value in entry.items() if value is not None}
    for name in ("provider", "account", "key_id", "secret"):
        if not isinstance(given.get(name), str) or not given[name]:
            raise FileError(f"{where}: {name} must be a text in quotes, not {given.get(name)!r}.")
    if given["provider"] not in HOME:
        raise FileError(f"{where}: provider must be one of {', '.join(HOME)}, not {given['provider']!r}.")
    if given["provider"] == "cos" and not given.get("app_id"):
        raise FileError(f"{where}: an account of cos requires app_id (the APPID).")
    if (given["provider"], given["key_id"]) in CREDENTIALS:
        raise FileError(f"{where}: the key ID {given['key_id']!r} of {given['provider']} already exists.")
    return Credential(**{name: str(value) for name, value in given.items()})


def seed(world: World, path: Path) -> None:
    """Put into a world what a file holds, each as the admin API takes it.

    :raises FileError: an entry is refused.
    """
    content = read(path)
    if not isinstance(content, dict) or set(content) - set(_SEED):
        raise FileError(f"{path}: the file must be a mapping that contains only {', '.join(_SEED)}.")
    steps: dict[str, Callable[[Any], Any]] = {
        "settings": world.settings.change,
        "buckets": lambda value: _buckets(world, value),
        "jobs": lambda value: seeding.seed(world, value),
        "faults": lambda value: [world.faults.arm(read_fault(item, world.operations)) for item in value],
    }
    for name, step in steps.items():
        if not content.get(name):
            continue
        try:
            # Convert to JSON and back, as over the network: a YAML date becomes text.
            step(json.loads(json.dumps(content[name], default=str)))
        except (AdminError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise FileError(f"{path}: {name}: {error}") from None


def _buckets(world: World, items: list[dict[str, Any]]) -> None:
    for item in items:
        _bucket(world, item)


def _bucket(world: World, item: dict[str, Any]) -> None:
    if set(item) - set(_BUCKET) or not {"provider", "name"} <= set(item):
        raise AdminError(f"a bucket requires provider and name, and can contain only {', '.join(_BUCKET)}.")
    home = HOME.get(item["provider"], ("", ""))
    owner = QueueKey(item["provider"], item.get("account", home[0]), item.get("region", home[1]))
    world.buckets.make(owner, item["name"], bool(item.get("versioned")))
    bucket = world.buckets.find(item["provider"], item["name"])
    for key, body in (item.get("objects") or {}).items():
        if bucket is not None:
            bucket.put(key, str(body).encode(), world.clock.now())
