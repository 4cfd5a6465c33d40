# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reduces a file to its prose. Everything else becomes blanks, so that lines and columns stay."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from .words import blank

# Quoted text and code inside a sentence: code spans, addresses, Jinja, semantic markup of Ansible.
_CODE_SPANS = (
    *(r"<[a-zA-Z/!][^<>\n]*>", r"``[^`]+``", r"`[^`\n]+`", r"<?https?://[^\s>)\]]+", r"\{\{.*?\}\}", r"\{%.*?%\}"),
    r"\b(?:[BCEILMOPRUV]|RV|HORIZONTALLINE)\((?:[^()\\]|\\.)*\)",
    # Options of commands, and headers.
    *(r"(?<![\w-])--?[a-z][\w-]+", r"\bx-[a-z]+-[\w-]+"),
    # Classes of style sheets, and endings of files.
    r"(?<![\w.)])\.[a-z][\w-]*",
)
_MARKDOWN_CODE = (r"(?ms)^ *```.*?^ *```", r"(?s)<!--.*?-->", r"(?m)(?<=\n\n)(?: {4}.*\n?)+", r"\]\([^)\s]*\)")
_RST_CODE = (
    r"(?m)^( *)\.\. (?:code-block|meta|_|not run|image|figure|literalinclude|raw).*\n(?:(?:\1[ ]+.*)?\n)*",
    r"(?m)^( *)(?!\.\. )\S.*::\n(?:\n|\1[ ]+.*\n)+",
    r":[a-z:]+:`[^`]*`",
)
# Keys of YAML whose values people read.
_PROSE_KEYS = {
    *("name", "msg", "fail_msg", "success_msg", "prompt", "description", "short_description", "long_description"),
    *("notes", "requirements", "details", "title", "label", "question_name", "question_description", "message"),
    *("summary", "reason", "subject", "body", "text", "hint", "help_text"),
}
_FORM_KEYS = {"value", "options"}
_DOCUMENTATION_NAMES = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HASH_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#+[ !].*$")
_MAKE_HELP = re.compile(r"(?m)(?:(?<=  )##|^#|@?echo) .*$")

_MESSAGE, _DOCSTRING, _DOCUMENTATION, _CODE = "message", "docstring", "documentation", "code"
_NO_CHILDREN = {ast.Load, ast.Store, ast.Name}

Span = tuple[int, int]


def prose(path: str, text: str, comments: bool = True) -> str:
    """Return the prose of a file by its path; for Python without comments and docstrings if they are not wanted."""
    if path.endswith(".py"):
        return _without(_python(text, comments), _CODE_SPANS)
    return _without(_reader(path)(path, text), _CODE_SPANS)


def _reader(path: str) -> Callable[[str, str], str]:
    name = path.rpartition("/")[2]
    for endings, reader in _READERS:
        if name.endswith(endings):
            return reader
    return _comments


def _markdown(_path: str, text: str) -> str:
    return _without(text, _MARKDOWN_CODE)


def _rst(_path: str, text: str) -> str:
    return _without(text, _RST_CODE)


def _plain(_path: str, text: str) -> str:
    return text


def _comments(_path: str, text: str) -> str:
    return _only(text, (match.span() for match in _HASH_COMMENT.finditer(text)))


def _makefile(_path: str, text: str) -> str:
    return _only(text, (match.span() for match in _MAKE_HELP.finditer(text)))


def _without(text: str, patterns: Iterable[str]) -> str:
    for pattern in patterns:
        text = re.sub(pattern, blank, text)
    return text


def _only(text: str, spans: Iterable[Span]) -> str:
    """Keep some spans, without the marks of comments at the beginnings of lines."""
    kept = [" "] * len(text)
    for start, end in spans:
        kept[start:end] = re.sub(r"(?m)^([ \t]*)#+:?", lambda match: " " * len(match.group()), text[start:end])
    for match in re.finditer("\n", text):
        kept[match.start()] = "\n"
    return "".join(kept)


def _starts(text: str) -> list[int]:
    """Return where each line starts, and where the text ends."""
    return [0, *(match.end() for match in re.finditer("\n", text)), len(text), len(text)]


# YAML


def _yaml(path: str, text: str) -> str:
    keys: set[str] | None = _PROSE_KEYS
    if path.startswith("changelogs/fragments/"):
        keys = None
    elif path.startswith(".github/ISSUE_TEMPLATE/"):
        keys = _PROSE_KEYS | _FORM_KEYS
    try:
        return _only(text, _yaml_spans(text, keys))
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None


def _yaml_spans(text: str, keys: set[str] | None) -> Iterator[Span]:
    """Yield comments, and the scalars below the keys that people read; below every key if keys is null."""
    starts, scalars = _starts(text), []
    for document in yaml.compose_all(text, Loader=_YAML_LOADER):
        for node, key in _scalars(document, ""):
            span = (
                starts[node.start_mark.line] + node.start_mark.column,
                starts[node.end_mark.line] + node.end_mark.column,
            )
            scalars.append(span)
            if (keys is None or key in keys) and " " in node.value.strip():
                yield span
    yield from _outside(_HASH_COMMENT, text, scalars)


def _scalars(node: yaml.Node | None, key: str) -> Iterator[tuple[yaml.ScalarNode, str]]:
    if isinstance(node, yaml.ScalarNode):
        yield node, key
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item, key)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield name, ""
            yield from _scalars(value, str(name.value))


# Python


def _python(text: str, comments: bool) -> str:
    """Keep messages, comments, docstrings, and of the documentation of a plugin what people read."""
    strings = _python_strings(text)
    kinds = {_MESSAGE, _DOCSTRING} if comments else {_MESSAGE}
    spans = [span for span, kind in strings if kind in kinds]
    if comments:
        spans += _outside(_HASH_COMMENT, text, [span for span, _kind in strings])
    reduced = _strip_quotes(_only(text, spans))
    for start, end in [span for span, kind in strings if kind == _DOCUMENTATION]:
        opening = re.match(r"r?(\"\"\"|'''|\"|')", text[start:end])
        if opening:
            first, last = start + opening.end(), end - len(opening[1])
            inner = _only(text[first:last], _yaml_spans(text[first:last], _PROSE_KEYS))
            reduced = reduced[:first] + inner + reduced[last:]
    return reduced


def _python_strings(text: str) -> list[tuple[Span, str]]:
    """Return where the string literals are, and the kind of each."""
    starts, lines = _starts(text), text.split("\n")

    def offset(line: int, column: int) -> int:
        # Columns of a syntax tree count bytes.
        source = lines[line - 1]
        return starts[line - 1] + (column if source.isascii() else len(source.encode()[:column].decode()))

    strings = []
    nodes: list[ast.AST] = [ast.parse(text)]
    while nodes:
        node = nodes.pop()
        kind, literal = _string(node)
        if literal:
            place: Any = literal
            span = offset(place.lineno, place.col_offset), offset(place.end_lineno, place.end_col_offset)
            strings.append((span, kind))
        elif not _is_pattern(node):
            nodes += _children(node)
    return strings


def _string(node: ast.AST) -> tuple[str, ast.AST | None]:
    """Return the kind of a string literal and the literal, if the node is or holds nothing else."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return _DOCSTRING, node.value
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _DOCUMENTATION_NAMES:
        return _DOCUMENTATION, node.value
    text = _text_of(node)
    if text is None:
        return "", None
    return (_MESSAGE if " " in text.strip() else _CODE), node


def _children(node: ast.AST) -> Iterator[ast.AST]:
    # Faster than ast.iter_child_nodes: the check of the whole tree takes less than two seconds.
    for child in node.__dict__.values():
        if isinstance(child, list):
            yield from [item for item in child if isinstance(item, ast.AST)]
        elif isinstance(child, ast.AST) and type(child) not in _NO_CHILDREN:
            yield child


def _text_of(node: ast.AST) -> str | None:
    """Return the text of a string literal, with a word in place of each expression."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return None


def _is_pattern(node: ast.AST) -> bool:
    """Return whether a node is a call of re, whose strings are code."""
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "re"


def _outside(pattern: re.Pattern[str], text: str, inside: list[Span]) -> Iterator[Span]:
    """Yield the matches of a pattern that begin outside of these spans."""
    inside, position = sorted(inside), 0
    for match in pattern.finditer(text):
        while position < len(inside) and inside[position][1] <= match.start():
            position += 1
        if position == len(inside) or inside[position][0] > match.start():
            yield match.span()


def _strip_quotes(text: str) -> str:
    """Remove what a string literal has around and inside its text, so that a phrase can go across two literals."""
    text = re.sub(r"(?<![\w`])[rRbBfF]{1,2}(?=[\"'])", blank, text)
    text = re.sub(r"\"+|(?<!\w)'|'(?!\w)", blank, text)
    return re.sub(r"\\n|\{[^{}\n]*\}", blank, text)


_READERS: tuple[tuple[tuple[str, ...], Callable[[str, str], str]], ...] = (
    ((".md",), _markdown),
    ((".rst",), _rst),
    ((".yml", ".yaml", ".ansible-lint"), _yaml),
    (("Makefile",), _makefile),
    ((".in", ".toml", ".cfg", ".gitignore", "Containerfile", "run", ".ini"), _comments),
    ((".txt",), _plain),
)
