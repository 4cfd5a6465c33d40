# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search untrusted text for regular expressions of users within a limited time.

A pattern such as (a+)+$ takes longer than anybody lives on the wrong text. Python's re looks for signals while it
searches, so a timer of the process ends it. Private to this collection.
"""

from __future__ import annotations

import re
import signal
import typing as t

from . import validation

_LONGEST: t.Final = 1000
"""Characters of a pattern; descriptions have 256."""
_SECONDS: t.Final = 5.0
"""Processor time of all searches for one pattern; 100,000 descriptions take an ordinary one less than a second."""


class Pattern:
    """A regular expression, and the processor time that it may still take."""

    def __init__(self, option: str, text: str, flags: int = 0) -> None:
        """Compile the expression.

        :param option: where it stands, for messages.
        :param flags: those of Python's re.
        :raises OptionError: it is none.
        """
        rule = "must be a regular expression of Python's re"
        if not text:
            raise validation.invalid_value(
                option, text, "must not be empty: leave the key out to ask for any description"
            )
        if len(text) > _LONGEST:
            raise validation.invalid_value(
                option, text, f"must have at most {_LONGEST} characters, and has {len(text)}"
            )
        try:
            self._compiled = re.compile(text, flags)
        except (re.error, OverflowError) as error:
            raise validation.invalid_value(option, text, f"{rule}: {error}") from error
        except RecursionError as error:
            raise validation.invalid_value(
                option, text, f"{rule}: it has too many groups inside one another"
            ) from error
        self._option = option
        self._left = _SECONDS

    def ignoring_case(self) -> Pattern:
        """Return the same expression, upper and lower case taken for the same."""
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
        text = f"takes more than {_SECONDS:g} s of processor time on the descriptions of the jobs"
        advice = "write it without repeats inside repeats, such as (a+)+"
        raise validation.invalid_value(self._option, self._compiled.pattern, f"{text}; {advice}")
