# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search untrusted text for regular expressions of users within a limited time.

On some texts, a pattern such as (a+)+$ takes years. Python's re checks for signals while it searches, so a timer of
the process ends the search. Private to this collection.
"""

from __future__ import annotations

import re
import signal
import typing as t

from . import validation

_LONGEST: t.Final = 1000
"""Characters of a pattern; descriptions have 256."""
_SECONDS: t.Final = 5.0
"""Processor time of all searches for one pattern. A normal pattern takes less than 1 s for 100,000 descriptions."""


class Pattern:
    """A regular expression, and the processor time that it can still use."""

    def __init__(self, option: str, text: str, flags: int = 0) -> None:
        """Compile the expression.

        :param option: the path of the option, for messages.
        :param flags: those of Python's re.
        :raises OptionError: the text is not a regular expression.
        """
        rule = "must be a Python regular expression"
        if not text:
            raise validation.invalid_value(option, text, "must not be empty", "Omit the key to match any description.")
        if len(text) > _LONGEST:
            raise validation.invalid_value(
                option, text, f"must have at most {_LONGEST} characters", f"It has {len(text)}."
            )
        try:
            self._compiled = re.compile(text, flags)
        except (re.error, OverflowError) as error:
            raise validation.invalid_value(option, text, rule, f"The error is: {error}.") from error
        except RecursionError as error:
            raise validation.invalid_value(option, text, rule, "It has too many nested groups.") from error
        self._option = option
        self._left = _SECONDS

    def ignoring_case(self) -> Pattern:
        """Return the same expression without regard to case."""
        return Pattern(self._option, self._compiled.pattern, re.IGNORECASE)

    def search(self, text: str) -> bool:
        """Whether the text contains a match.

        :raises OptionError: the searches for this pattern take too long.
        """
        previous = signal.signal(signal.SIGVTALRM, self._stop)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._left)
        try:
            return self._compiled.search(text) is not None
        finally:
            self._left = signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0] or self._left
            signal.signal(signal.SIGVTALRM, previous)

    def _stop(self, number: int, frame: t.Any) -> None:
        text = f"It takes more than {_SECONDS:g} s of processor time on the job descriptions"
        advice = f"{text}. Remove nested repeats such as (a+)+."
        raise validation.invalid_value(
            self._option, self._compiled.pattern, "must be a regular expression that is fast to search", advice
        )
