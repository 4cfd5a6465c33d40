# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert values to the types of botocore's service model, for requests and from responses.

Most of these values are text. Responses use names on the wire, such as SSE-KMS for SSEKMS. This file names no
operation, so a newer botocore adds its own. Private to this collection.
"""

from __future__ import annotations

import datetime
import re
import typing as t

from ..._core import errors, scalars, times, validation
from . import sdk_versions

_SECONDS: t.Final = re.compile(r"-?[0-9]{1,10}", re.ASCII)
"""Up to the year 2286, which every platform knows."""
_SHOWN: t.Final = 30
"""Names that a message lists."""


def typed(option: str, value: t.Any, shape: t.Any) -> t.Any:
    """Return the values of a task in the types that botocore requires.

    Null is omitted. An empty text is omitted if the parameter is a word of the API.

    :param option: the path of the value, for messages.
    :param shape: the value's shape in the service model.
    :raises OptionError: the value has another type, and cannot be converted.
    :raises BatchError: a name that the model does not have.
    """
    convert = _TYPED.get(shape.type_name)
    return convert(option, value, shape) if convert else value


def written(value: t.Any, shape: t.Any) -> t.Any:
    """Return a part of a response in the words and types of a request."""
    kind = shape.type_name
    if kind == "structure":
        return _written_members(value, shape) if isinstance(value, t.Mapping) else {}
    if kind == "list":
        return [written(item, shape.member) for item in _items(value, shape.member)]
    if kind == "map":
        return {key: written(item, shape.value) for key, item in value.items()} if isinstance(value, t.Mapping) else {}
    found: t.Any = None
    if kind in ("integer", "long"):
        found = scalars.as_whole(value)
    elif kind == "boolean":
        found = scalars.as_flag(value)
    return value if found is None else found


def _written_members(value: t.Mapping[str, t.Any], shape: t.Any) -> dict[str, t.Any]:
    names = _names(shape)
    found = {}
    for name, item in value.items():
        member = shape.members.get(names.get(name, ""))
        if member is None:
            found[name] = item
        elif item != "" or _may_be_empty(member):
            found[names[name]] = written(item, member)
    return found


def _may_be_empty(shape: t.Any) -> bool:
    """Whether an empty node has a meaning; where it has none, no request can have it either."""
    if shape.type_name == "string":
        return not shape.enum and not shape.metadata.get("min")
    return shape.type_name in ("structure", "list", "map")


def _items(value: t.Any, member: t.Any) -> list[t.Any]:
    """Return the items of a list; a single one is read as a node with one child, unless its name is member."""
    if isinstance(value, t.Mapping):
        value = value.get(member.serialization.get("name", "member"), value)
    return value if isinstance(value, list) else [] if value in ("", None) else [value]


def _names(shape: t.Any) -> dict[str, str]:
    """Return the model's name of each member by its own and by that of the wire."""
    wire = {member.serialization.get("name", name): name for name, member in shape.members.items()}
    return {**wire, **{name: name for name in shape.members}}


def _structure(option: str, value: t.Any, shape: t.Any) -> dict[str, t.Any]:
    if not isinstance(value, t.Mapping):
        raise validation.invalid_value(option, value, "must be a dictionary")
    names = _names(shape)
    found: dict[str, t.Any] = {}
    for key, item in value.items():
        name = names.get(key)
        if name is None:
            raise sdk_versions.missing(option, key, shape.name) or _unknown(option, key, shape)
        if name in found:
            rule = f"must be set only once, as {name} or by its other name"
            raise validation.invalid_value(f"{option}.{key}", item, rule)
        member = shape.members[name]
        if not _absent(item, member):
            found[name] = typed(f"{option}.{key}", item, member)
    return found


def _absent(value: t.Any, shape: t.Any) -> bool:
    """Whether a parameter counts as not set.

    A template without a value is "" before ansible-core 2.19, and null since then. A list that is null is not an empty
    list, which would delete the tags or grants of the objects. Free text can be meant to be the word null.
    """
    free = shape.type_name == "list" or (shape.type_name == "string" and not shape.enum)
    return not free and (value is None or (value == "" and shape.type_name == "string"))


def _unknown(option: str, name: str, shape: t.Any) -> errors.BatchError:
    known = sorted(shape.members)
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    text = f"value of {option} must have known parameters only, got: {validation.quoted(name)}."
    text += (
        f" The installed botocore supports {', '.join(known[:_SHOWN])}{more}"
        if known
        else " The installed botocore supports no parameters here"
    )
    hint = "Check the spelling. A newer botocore supports newer operations. No job was created."
    return errors.BatchError(errors.Failure("invalid", text, hint=hint))


def _list(option: str, value: t.Any, shape: t.Any) -> list[t.Any]:
    if not isinstance(value, list):
        raise validation.invalid_value(option, value, "must be a list")
    return [typed(f"{option}[{number}]", item, shape.member) for number, item in enumerate(value)]


def _map(option: str, value: t.Any, shape: t.Any) -> dict[str, t.Any]:
    if not isinstance(value, t.Mapping):
        raise validation.invalid_value(option, value, "must be a dictionary")
    return {str(key): typed(f"{option}.{key}", item, shape.value) for key, item in value.items()}


def _string(option: str, value: t.Any, shape: t.Any) -> str:
    words = f" such as {' or '.join(shape.enum[:2])}" if shape.enum else ""
    return scalars.text(option, value, f"must be text{words}")


def _whole(option: str, value: t.Any, shape: t.Any) -> int:
    return scalars.whole(option, value)


def _flag(option: str, value: t.Any, shape: t.Any) -> bool:
    return scalars.flag(option, value)


def _moment(option: str, value: t.Any, shape: t.Any) -> datetime.datetime:
    """Return a time in UTC.

    botocore completes a time that lacks its day from today's date, so that each day would have a request of its own.
    """
    text = "" if isinstance(value, bool) else str(value).strip()
    found = times.parse_time(text)
    try:
        if found is None and _SECONDS.fullmatch(text):
            found = datetime.datetime.fromtimestamp(int(text), datetime.timezone.utc)
        elif found is None:
            short = datetime.datetime.fromisoformat(text)  # a date, or a time without seconds
            zone = short.tzinfo or datetime.timezone.utc
            found = short.replace(tzinfo=zone).astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError, OSError) as error:
        rule = "must be a time in ISO 8601 such as 2030-01-31T00:00:00Z, or seconds since 1970"
        raise validation.invalid_value(option, value, rule, "A time without a zone is in UTC.") from error
    return found


_TYPED: t.Final[dict[str, t.Callable[[str, t.Any, t.Any], t.Any]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "blob": _string,
    "integer": _whole,
    "long": _whole,
    "boolean": _flag,
    "timestamp": _moment,
}
