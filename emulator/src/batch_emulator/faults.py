# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The faults that are armed: which requests they meet, and how often. What they do is in fault_effects.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from .accounts import HOME
from .errors import AdminError
from .fault_effects import EFFECTS
from .messages import Call


@dataclass
class Fault:
    name: str
    # How many matching requests it hits (None: all of them), after how many it lets pass.
    count: int | None = 1
    skip: int = 0
    provider: str | None = None
    operation: str | None = None
    job_id: str | None = None
    args: dict[str, Any] = field(default_factory=dict)
    id: int = 0
    hits: int = 0

    def meets(self, provider: str, call: Call, auxiliary: bool) -> bool:
        if self.provider not in (None, provider) or self.job_id not in (None, call.job_id):
            return False
        if self.operation is not None:
            return self.operation == call.operation
        natural = EFFECTS[self.name].on
        return call.operation in natural if natural else not auxiliary


class Faults:
    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._count = 0

    def arm(self, fault: Fault) -> int:
        self._count += 1
        fault.id = self._count
        self._armed.append(fault)
        return fault.id

    def take(self, provider: str, call: Call, auxiliary: bool) -> Fault | None:
        """The first armed fault that hits this call; those that still let requests pass count it."""
        for fault in self._armed:
            if not fault.meets(provider, call, auxiliary):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.hits += 1
            if fault.count is not None:
                fault.count -= 1
                if fault.count == 0:
                    self._armed.remove(fault)
            return fault
        return None

    def state(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._armed]

    def clear(self, number: int | None = None) -> None:
        """Disarm one fault, or all of them."""
        self._armed[:] = [fault for fault in self._armed if number not in (None, fault.id)]


_FIELDS = ("name", "count", "skip", "provider", "operation", "job_id", "args")


def read_fault(data: Any, operations: Iterable[str]) -> Fault:
    """A fault as an admin request describes it."""
    if not isinstance(data, dict) or set(data) - set(_FIELDS):
        raise AdminError(f"A fault is an object with these fields: {', '.join(_FIELDS)}.")
    fields: dict[str, Any] = {"name": ""} | data
    fault = Fault(**fields)
    if fault.name not in list(EFFECTS):
        raise AdminError(f"Unknown fault {fault.name!r}; known faults: {', '.join(sorted(EFFECTS))}.")
    defaults = EFFECTS[fault.name].args
    args = data.get("args") or {}
    unknown = sorted(set(args) - set(defaults)) if isinstance(args, dict) else [repr(args)]
    if unknown:
        takes = ", ".join(defaults) or "none"
        raise AdminError(f"Unknown argument {', '.join(unknown)} of {fault.name}; known arguments: {takes}.")
    if fault.provider not in (None, *HOME):
        raise AdminError(f"Unknown provider {fault.provider!r}; known providers: {', '.join(HOME)}.")
    if fault.operation is not None and fault.operation not in list(operations):
        raise AdminError(f"Unknown operation {fault.operation!r}; known operations: {', '.join(sorted(operations))}.")
    if not _whole(fault.skip, 0) or not (fault.count is None or _whole(fault.count, 1)):
        raise AdminError("count must be null (no limit) or an integer from 1, and skip an integer from 0.")
    fault.args = defaults | {name: _checked(name, value, defaults[name]) for name, value in args.items()}
    return fault


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


# Arguments that have no default to take a type from.
_TYPES: dict[str, tuple[type, ...]] = {
    "http_status": (int,),
    "retry_after": (int,),
    "priority": (int,),
    "stored": (int,),
    "parties": (int,),
    "job_ids": (list,),
}


def _checked(name: str, value: Any, default: Any) -> Any:
    kinds = _TYPES.get(name) or ((type(default),) if default is not None else (str,))
    if kinds == (float,):
        kinds = (int, float)
    if value is None and default is None:
        return None
    if name == "parties" and not _whole(value, 1):
        raise AdminError(f"The argument parties must be null or an integer from 1, not {value!r}.")
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise AdminError(f"The argument {name} must be of type {kinds[-1].__name__}, not {value!r}.")
    return value
