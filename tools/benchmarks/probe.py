# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module in this process and writes down where its time goes, in phases.json.

Only for `benchmarks.startup`; the module's options are on standard input. Moments are those of time.perf_counter,
which all processes of a machine share.
"""

import time

LOADED = time.perf_counter()

import builtins  # noqa: E402
import json  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

OWNERS = {"ansible": "Ansible's", "ansible_collections": "ours"}
OWNERS |= dict.fromkeys(("boto3", "botocore", "requests", "urllib3"), "the cloud's library")
VERBS = ("identify", "describe", "list_page", "update_priority", "tags")


class Imports:
    """The time of all imports, by whose they are; what an import imports itself counts for its owner."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(OWNERS.values(), 0.0)
        self._owners: list[str] = []
        self._since = 0.0
        self._import = builtins.__import__
        builtins.__import__ = self._watched

    def total(self) -> float:
        return sum(self.seconds.values())

    def _watched(self, name: str, *others: Any, **options: Any) -> Any:
        above = self._owners[-1] if self._owners else ""
        owner = OWNERS.get(name.partition(".")[0], above or "ours")
        now = time.perf_counter()
        if above:
            self.seconds[above] += now - self._since
        self._since = now
        self._owners.append(owner)
        try:
            return self._import(name, *others, **options)
        finally:
            now = time.perf_counter()
            self.seconds[owner] += now - self._since
            self._since = now
            self._owners.pop()


class Spans:
    """When named pieces of work began and ended, and how much of that was imports."""

    def __init__(self, imports: Imports) -> None:
        self.found: dict[str, list[tuple[float, float, float]]] = {}
        self._imports = imports

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            imported, began = self._imports.total(), time.perf_counter()
            try:
                return work(*args, **options)
            finally:
                ended = time.perf_counter()
                imported = self._imports.total() - imported
                self.found.setdefault(name, []).append((began, ended, imported))

        return run


def main() -> None:
    imports = Imports()
    spans = Spans(imports)
    import ansible.module_utils.basic  # noqa: F401
    from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
    from ansible_collections.objectstore.batch.plugins.modules import batch_job_priority

    def watched(load: Callable[[], Any]) -> Callable[[], Any]:
        def load_watched() -> Any:
            provider = load()
            for name in ("__init__", *VERBS):
                setattr(provider, name, spans.timed(name, getattr(provider, name)))
            return provider

        return load_watched

    PROVIDERS.update({name: watched(load) for name, load in PROVIDERS.items()})
    try:
        batch_job_priority.main()
    finally:
        done = time.perf_counter()
        noted = {"loaded": LOADED, "done": done, "imports": imports.seconds, "spans": spans.found}
        with open("phases.json", "w", encoding="utf-8") as stream:
            json.dump(noted, stream)


if __name__ == "__main__":
    main()
