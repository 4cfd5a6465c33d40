# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse what users write, before any request is sent.

Every refusal is one sentence that names the option, the value and the rule. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
import re
import typing as t
from urllib.parse import urlsplit

from . import errors

_DECIMAL: t.Final = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_DURATION: t.Final = r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s)?"
_SHOWN: t.Final = 80
_FORM: t.Final = "a duration such as 90s, 45m, 6h, 2d or 1d12h"
_LONGEST: t.Final = datetime.timedelta(days=3650)
"""Of ages and escalations: no job lives so long, and no date is left at which the sum could not be computed."""
_UNWRITABLE: t.Final = "[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
"""What XML 1.0 cannot hold: control characters, lone surrogates, non-characters. Compiling it takes 8 ms."""


@dataclasses.dataclass(frozen=True)
class Rule:
    """The form that a value must have.

    :param pattern: regular expression that the whole value must match (ASCII).
    :param sentence: the rule in words, to follow "must be".
    """

    pattern: str
    sentence: str

    def check(self, option: str, value: str) -> str:
        """Return the value, or raise OptionError."""
        if not self.fits(value):
            raise invalid_value(option, value, f"must be {self.sentence}")
        return value

    def fits(self, value: str) -> bool:
        """Whether a value has the form."""
        return re.fullmatch(self.pattern, value, re.ASCII) is not None and is_xml_text(value)


def is_xml_text(text: str) -> bool:
    """Whether XML can hold a text."""
    return text.isprintable() or not re.search(_UNWRITABLE, text)


def check_encodable(options: t.Mapping[str, t.Any]) -> None:
    """Refuse texts that UTF-8 cannot write, at any depth: half a character (a lone surrogate) is no text.

    :param options: as a module gets them; a value may be secret, and is not shown.
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
                rule = "it must be text that UTF-8 can write, and holds half a character (a lone surrogate)"
                name = option.encode(errors="replace").decode()
                raise errors.OptionError(f"{name}: the value is refused: {rule}.") from error


def invalid_value(option: str, value: t.Any, rule: str) -> errors.OptionError:
    """Return the error for a value that breaks a rule."""
    return errors.OptionError(f"{option}: {quoted(value)} is refused: it {rule}.")


def quoted(value: t.Any) -> str:
    """Return a value as messages show it; a long one is cut."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def check_created(option: str, value: str) -> None:
    """Refuse the empty id that batch_job returns in check mode."""
    if not value:
        raise errors.OptionError(
            f"{option} is empty: check mode creates no job, so a job that an earlier task would create does not exist"
            " yet and has no ID. Skip this task then, as in: when: created.job.job_id != ''. No changes were made."
        )


def parse_priority(option: str, value: t.Any, largest: int) -> int:
    """Return a priority from an int or a decimal string (what Jinja makes of a number).

    Booleans, floats, signs, blanks, hex and exponents are refused: each of them is more often
    a slip than a wish, and a wrong priority starves somebody else's job.
    """
    rule = f"must be a whole number from 0 to {largest}, higher first"
    if isinstance(value, bool):
        raise invalid_value(option, value, rule + "; YAML reads yes, no, on and off as booleans")
    if isinstance(value, str):
        if not _DECIMAL.fullmatch(value):
            raise invalid_value(option, value, rule + ", in plain decimal digits")
        number = int(value) if len(value) <= len(str(largest)) else largest + 1
        if number > largest:
            raise invalid_value(option, value, rule)
        return number
    if not isinstance(value, int) or not 0 <= value <= largest:
        raise invalid_value(option, value, rule)
    return value


def parse_duration(option: str, value: t.Any) -> datetime.timedelta:
    """Return a duration from text such as 90s, 45m, 6h, 2d or 1d12h, of ten years at most."""
    duration = _duration(value)
    if duration is None or duration > _LONGEST:
        raise invalid_value(option, value, f"must be {_FORM}, and {_LONGEST.days}d or less")
    return duration


def _duration(value: t.Any) -> t.Optional[datetime.timedelta]:
    """Return the duration that a text stands for; None where it is none."""
    match = re.fullmatch(_DURATION, value, re.ASCII) if isinstance(value, str) and value else None
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def parse_seconds(option: str, value: t.Any, least: float = 0.0, most: float = math.inf) -> float:
    """Return seconds from a number, decimal digits or a duration.

    :raises OptionError: it is none of them, not finite, or outside of least and most.
    """
    seconds, shown = _seconds(value), value
    if seconds is None:
        raise invalid_value(option, value, f"must be a number of seconds, or {_FORM}")
    if isinstance(value, (int, float)) and math.isfinite(seconds):
        shown = seconds
    if not (math.isfinite(seconds) and least <= seconds <= most):
        end = f", and {most:.0f} seconds ({_short(most)}) or less" if math.isfinite(most) else ", and finite"
        raise invalid_value(option, shown, f"must be {least:g} or more{end}")
    return seconds


def _seconds(value: t.Any) -> t.Optional[float]:
    """Return the seconds that a value stands for; None where it stands for none."""
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
    """Refuse an empty list, and empty words: what is empty must never come to mean everything."""
    if words is not None and (not words or not all(words)):
        raise invalid_value(
            option, words, "must hold at least one word and none that is empty; leave it out to ask for any"
        )


def parse_endpoint(option: str, value: str) -> str:
    """Return an endpoint URL without a trailing slash."""
    rule = "must be a URL of the form http(s)://host[:port][/path], without user, query or fragment"
    # The value can hold a password or a token, wherever a parser finds it: it is not shown.
    hidden = errors.OptionError(f"{option}: the value is refused: it {rule}.")
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
