# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The word list, which Vale reads as well, and the exceptions from it."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / ".vale" / "styles" / "ObjectstoreBatch" / "Words.yml"
EXCEPTIONS = Path(__file__).with_name("exceptions.yml")
# A phrase may be wrapped, but does not go across an empty line.
_BLANK = r"(?:[^\S\n]+\n?[^\S\n]*|\n[^\S\n]*)"


@dataclass(frozen=True)
class Finding:
    line: int
    word: str
    advice: str


@dataclass
class Exemption:
    """A text that may contain a word of the list, in files that match one of the patterns."""

    text: str
    files: list[str]
    reason: str
    needed: bool = False

    def applies(self, path: str) -> bool:
        """Return whether the exception holds in a file."""
        return any(fnmatch.fnmatchcase(path, pattern) for pattern in self.files)

    def remove(self, prose: str) -> str:
        """Blank the text, and note whether it was there."""
        shorter = re.sub(_BLANK.join(map(re.escape, self.text.split(" "))), blank, prose)
        self.needed = self.needed or shorter != prose
        return shorter


class WordList:
    """Patterns of words with advice."""

    def __init__(self, swap: dict[str, str]) -> None:
        patterns = {pattern.replace(" ", _BLANK): advice for pattern, advice in swap.items()}
        self._rules = [(re.compile(pattern, re.IGNORECASE), advice) for pattern, advice in patterns.items()]

    def findings(self, prose: str) -> Iterator[Finding]:
        """Yield the words of the list in a text, from the top down."""
        for number, paragraph in _paragraphs(prose):
            found = [(match, advice) for rule, advice in self._rules for match in rule.finditer(paragraph)]
            for match, advice in sorted(found, key=lambda pair: pair[0].start()):
                line = number + paragraph.count("\n", 0, match.start())
                yield Finding(line, " ".join(match.group().split()), advice)


def _paragraphs(prose: str) -> Iterator[tuple[int, str]]:
    """Yield the lines between empty ones, with the number of the first one, and without blanks beyond one."""
    lines: list[str] = []
    for number, line in enumerate([*prose.split("\n"), ""], 1):
        if shorter := " ".join(line.split()):
            lines.append(shorter)
        elif lines:
            yield number - len(lines), "\n".join(lines)
            lines = []


def blank(match: re.Match[str]) -> str:
    """Replace a match by blanks, so that lines and columns stay."""
    return re.sub(r"[^\n]", " ", match.group())


def word_list() -> WordList:
    """Read the list."""
    return WordList(yaml.safe_load(WORDS.read_text(encoding="utf-8"))["swap"])


def exemptions() -> list[Exemption]:
    """Read the exceptions; each has a text, files, and a reason."""
    entries = yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8")) or []
    return [Exemption(entry["text"], entry["files"], entry["reason"]) for entry in entries]
