# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module of the same name in passes, and print what changed: a module cannot print while it runs.

The module checks the options, plans, and updates. This plugin only pauses between the passes.
"""

from __future__ import annotations

import time
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

MODULE: t.Final = "objectstore.batch.batch_job_chain"
RESULTS: t.Final = ("confirmed", "cancelled")
"""The results that passes add up."""

display = Display()


class ActionModule(ActionBase):
    """Runs the module until its result is final."""

    _supports_async = False
    _supports_check_mode = True

    def run(self, tmp: t.Optional[str] = None, task_vars: t.Optional[dict[str, t.Any]] = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        result.update(self._passes(task_vars or {}))
        return result

    def _passes(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Run all passes by the controller's clock, and return the result of the last one."""
        began = time.monotonic()
        host = variables.get("inventory_hostname", "")
        state: dict[str, t.Any] = {}
        pause = limit = 0.0
        shown: set[str] = set()
        warnings: list[str] = []
        while True:
            answer = self._module(variables, {**state, "elapsed": time.monotonic() - began})
            following = answer.pop("next", None)
            warnings += [text for text in answer.get("warnings", ()) if text not in warnings]
            left = limit - (time.monotonic() - began)
            if following is None and not (left > 0 and self._is_outage(answer)):
                return {**_added(answer, state), **({"warnings": warnings} if warnings else {})}
            if following is not None:
                self._show(host, [text for text in answer["plan"] if text not in shown])
                shown = set(answer["plan"])
                pause, limit = following.pop("pause"), following.pop("limit")
                state, left = following, pause
            time.sleep(min(pause, left))

    def _show(self, host: str, lines: list[str]) -> None:
        # A task with no_log shows nothing, not even the plan.
        for text in [] if self._task.no_log else lines:
            # A callback can print JSON or other data for programs to the standard output.
            display.display(f"[{host}] {text}", stderr=True)

    @staticmethod
    def _is_outage(answer: dict[str, t.Any]) -> bool:
        """Whether a pass could not read the queue for a reason that can go away by itself."""
        return "plan" not in answer and bool((answer.get("error") or {}).get("retryable"))

    def _module(self, variables: dict[str, t.Any], state: dict[str, t.Any]) -> dict[str, t.Any]:
        """Run the module once, and return its result without internal values."""
        arguments = {**self._task.args, "_watch": state}
        answer: dict[str, t.Any] = self._execute_module(module_name=MODULE, module_args=arguments, task_vars=variables)
        answer.get("invocation", {}).get("module_args", {}).pop("_watch", None)
        return answer


def _added(answer: dict[str, t.Any], state: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the result of a pass that failed before its plan, with what the passes before it have changed."""
    done = {name: state[name] for name in RESULTS if state.get(name)}
    if "plan" in answer or not done:
        return answer
    return {**answer, **done, "changed": True}
