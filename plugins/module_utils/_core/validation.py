# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate option values before any request is sent.

Each error names the option, the value, and the rule. Private to this collection.
"""

from __future__ import annotations

import datetime
import math
import re
import typing as t
from urllib.parse import urlsplit

from . import errors

_DECIMAL: t.Final = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_DURATION: t.Final = r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s)?"
_SHOWN: t.Final = 80
_FORM: t.Final = "a duration such as 90s, 45m, 6h, 2d, or 1d12h"
_LONGEST: t.Final = datetime.timedelta(days=3650)
"""Limit of ages and escalations. No job lives that long, and every resulting date can be computed."""
_UNWRITABLE: t.Final = "[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
"""What XML 1.0 cannot hold: control characters, lone surrogates, non-characters. Compiling it takes 8 ms."""


class Rule(t.NamedTuple):
    """The form that a value must have.

    :param pattern: regular expression that the whole value must match (ASCII).
    :param sentence: the rule in words, to follow "must be".
    :param advice: a sentence on what to do, with its period; empty for none.
    """

    pattern: str
    sentence: str
    advice: str = ""

    def check(self, option: str, value: str) -> str:
        """Return the value, or raise OptionError."""
        if not self.fits(value):
            raise invalid_value(option, value, f"must be {self.sentence}", self.advice)
        return value

    def fits(self, value: str) -> bool:
        """Whether a value has the form."""
        return re.fullmatch(self.pattern, value, re.ASCII) is not None and is_xml_text(value)


def is_xml_text(text: str) -> bool:
    """Whether XML can hold a text."""
    return text.isprintable() or not re.search(_UNWRITABLE, text)


def check_encodable(options: t.Mapping[str, t.Any]) -> None:
    """Reject text that UTF-8 cannot encode, at any depth.

    :param options: as a module gets them. The error does not contain the value, because it can be secret.
    """
    left: list[tuple[str, t.Any]] = list(options.items())
    while left:
        option, value = left.pop()
        if isinstance(value, dict):
            left.extend((option, str(name)) for name in value)
            left.extend((f"{option}.{name}", item) for name, item in value.items())
        elif isinstance(value, list):
            left.extend((f"{option}[{number}]", item) for number, item in enumerate(value))
        elif isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                name = option.encode(errors="replace").decode()
                advice = "The value contains half a character (a lone surrogate)."
                raise hidden_value(name, "must be valid UTF-8 text", advice) from error


def invalid_value(option: str, value: t.Any, rule: str, advice: str = "") -> errors.OptionError:
    """Return the error for a value that breaks a rule, in the words of Ansible's own option errors.

    :param rule: begins with must, such as "must be 0 or more".
    :param advice: a sentence on what to do, with its period; empty for none.
    """
    return errors.OptionError(f"value of {option} {rule}, got: {quoted(value)}" + (f". {advice}" if advice else ""))


def hidden_value(option: str, rule: str, advice: str = "") -> errors.OptionError:
    """Return the same error for a value that can be secret: it is not part of the text."""
    return errors.OptionError(f"value of {option} {rule}" + (f". {advice}" if advice else ""))


def quoted(value: t.Any) -> str:
    """Return a value as messages show it; a long one is cut."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def check_created(option: str, value: str) -> None:
    """Reject the empty ID that batch_job returns in check mode."""
    if not value:
        raise errors.OptionError(
            f"{option} is empty: check mode does not create jobs, so a job that an earlier task would create has no ID"
            " yet. Skip this task in that case, for example with when: created.job.job_id != ''. No changes were made."
        )


def parse_priority(option: str, value: t.Any, largest: int) -> int:
    """Return a priority from an integer, or from a decimal string, which Jinja makes of a number.

    Booleans, floats, signs, blanks, hexadecimal digits, and exponents are rejected. They are usually mistakes,
    and a wrong priority delays the jobs of other users.
    """
    rule = f"must be an integer from 0 to {largest}"
    if isinstance(value, bool):
        raise invalid_value(option, value, rule, "YAML reads yes, no, on, and off as booleans.")
    if isinstance(value, str):
        if not _DECIMAL.fullmatch(value):
            raise invalid_value(option, value, f"{rule} (decimal digits only)")
        number = int(value) if len(value) <= len(str(largest)) else largest + 1
        if number > largest:
            raise invalid_value(option, value, rule)
        return number
    if not isinstance(value, int) or not 0 <= value <= largest:
        raise invalid_value(option, value, rule)
    return value


def parse_duration(option: str, value: t.Any) -> datetime.timedelta:
    """Return a duration from text such as 90s, 45m, 6h, 2d, or 1d12h, of ten years at most."""
    duration = _duration(value)
    if duration is None or duration > _LONGEST:
        raise invalid_value(option, value, f"must be {_FORM}, and at most {_LONGEST.days}d")
    return duration


def _duration(value: t.Any) -> t.Optional[datetime.timedelta]:
    """Return the duration that a text describes; None if it does not describe one."""
    match = re.fullmatch(_DURATION, value, re.ASCII) if isinstance(value, str) and value else None
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def parse_seconds(option: str, value: t.Any, least: float = 0.0, most: float = math.inf) -> float:
    """Return seconds from a number, decimal digits, or a duration.

    :raises OptionError: the value is not one of them, not finite, or out of range.
    """
    seconds, shown = _seconds(value), value
    if seconds is None:
        raise invalid_value(option, value, f"must be a number of seconds or {_FORM}")
    if isinstance(value, (int, float)) and math.isfinite(seconds):
        shown = seconds
    if not (math.isfinite(seconds) and least <= seconds <= most):
        end = f", and at most {most:.0f} seconds ({_short(most)})" if math.isfinite(most) else ", and finite"
        raise invalid_value(option, shown, f"must be {least:g} or more{end}")
    return seconds


def _seconds(value: t.Any) -> t.Optional[float]:
    """Return the seconds that a value describes; None if it does not describe any."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    duration = _duration(value)
    if duration is not None:
        return duration.total_seconds()
    number = isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value, re.ASCII)
    return float(value) if number else None


def _short(seconds: float) -> str:
    """Return a number of seconds as a duration of one unit."""
    size, unit = next((size, unit) for size, unit in ((86400, "d"), (3600, "h"), (1, "s")) if seconds % size == 0)
    return f"{seconds / size:.0f}{unit}"


def check_words(option: str, words: t.Optional[t.Collection[str]]) -> None:
    """Reject an empty list and empty words: an empty value must never match everything."""
    if words is not None and (not words or not all(words)):
        raise invalid_value(
            option, words, "must have at least one word and no empty word", "Omit the option to match any value."
        )


def parse_endpoint(option: str, value: str) -> str:
    """Return an endpoint URL without a trailing slash."""
    rule = "must be a URL of the form http(s)://host[:port][/path], without user, query, or fragment"
    # The value can contain a password or a token anywhere, so the error does not contain the value.
    hidden = hidden_value(option, rule)
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise hidden from None
    if re.search("[@?#]", value):
        raise hidden
    wrong = parts.scheme not in ("http", "https") or not parts.hostname or port == 0
    if wrong or re.search(r"[\s\x00-\x1f\\]", value):
        raise invalid_value(option, value, rule)
    return value.rstrip("/")
