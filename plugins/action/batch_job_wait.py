# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module of the same name in slices, and print its lines: a module cannot print while it runs.

The module checks the options, waits, and creates every line. This plugin only pauses between the slices.
"""

from __future__ import annotations

import os
import time
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

MODULE: t.Final = "objectstore.batch.batch_job_wait"

TERMINAL: t.Final = os.isatty(2)
"""Whether the output is a terminal, read when the controller loads this file: its workers have no terminal."""

display = Display()


class ActionModule(ActionBase):
    """Runs the module until it has a result."""

    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: t.Optional[str] = None, task_vars: t.Optional[dict[str, t.Any]] = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        if self._task.async_val or self._task.check_mode:
            # A background task has no viewer, and check mode polls once.
            result.update(self._module(variables, None))
            return result
        result.update(self._watch(variables))
        return result

    def _watch(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Run all slices by the controller's clock, and return the result of the last one."""
        began = time.monotonic()
        state: dict[str, t.Any] = {}
        label = f"[{variables.get('inventory_hostname', '')}] "
        while True:
            watched = {"elapsed": time.monotonic() - began, "label": label, "rare": not TERMINAL}
            answer = self._module(variables, {**state, **watched})
            for line in answer.pop("lines", ()):
                # A task with no_log shows nothing, not even progress.
                if not self._task.no_log:
                    # A callback can print JSON or other data for programs to the standard output.
                    display.display(line, stderr=True)
            following = answer.pop("next", None)
            if following is None:
                return answer
            state = following
            time.sleep(max(0.0, state.pop("pause")))

    def _module(self, variables: dict[str, t.Any], state: t.Optional[dict[str, t.Any]]) -> dict[str, t.Any]:
        """Run the module once, and return its result without internal values."""
        arguments = {**self._task.args, "_watch": state}
        answer: dict[str, t.Any] = self._execute_module(
            module_name=MODULE, module_args=arguments, task_vars=variables, wrap_async=self._task.async_val
        )
        answer.get("invocation", {}).get("module_args", {}).pop("_watch", None)
        return answer
