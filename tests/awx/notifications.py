# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Process the messages of a notification template like AWX, which rejects some and sends the others to a receiver.

Sources: AWX 24.6.1, awx/api/serializers.py (NotificationTemplateSerializer.validate_messages), awx/main/models/
notifications.py (context_stub, build_notification_message), awx/main/notifications (email, webhook and mattermost).
"""

from __future__ import annotations

import email.message
import json
import smtplib
import urllib.request
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, sandbox

EVENTS = {"started", "success", "error", "changed", "workflow_approval"}
STUB: dict[str, Any] = {
    "job": {"id": 13, "name": "Stub Job Template", "status": "running", "artifacts": {}, "limit": "bar_limit"},
    "job_friendly_name": "Job",
    "url": "https://towerhost/#/jobs/playbook/1010",
    "job_metadata": "{'url': 'https://towerhost/$/jobs/playbook/13'}",
}
"""The context of messages when a template is saved: no run has stored artifacts yet."""


class _Named(StrictUndefined):
    """Reports only the name in an error, as AWX does."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._undefined_hint = self._undefined_name


def _render(text: str, context: dict[str, Any]) -> str:
    return sandbox.ImmutableSandboxedEnvironment(undefined=_Named).from_string(text).render(context)


def messages(given: Any) -> list[str]:
    """Return the errors in the messages of a template, in the words of AWX."""
    if given is None:
        return []
    wrong = []
    for event, texts in given.items():
        if event not in EVENTS:
            wrong.append(f"Event '{event}' invalid")
        for name, text in (texts or {}).items():
            if name not in ("message", "body"):
                wrong.append(f"Message type '{name}' invalid, must be either 'message' or 'body'")
            elif name == "message" and "\n" in text:
                wrong.append(f"Messages cannot contain newlines (found newline in {event} event)")
            else:
                wrong += _unrenderable(text)
    return wrong


def _unrenderable(text: str) -> list[str]:
    try:
        _render(text, STUB)
    except TemplateSyntaxError as error:
        return [f"Unable to render message '{text}': {error.message}"]
    except UndefinedError as error:
        return [f"Field '{error.message}' unavailable"]
    return []


def send(template: dict[str, Any], event: str, job: dict[str, Any], url: str) -> None:
    """Send the notification of a run.

    :raises ValueError: the subject of an email has two lines.
    """
    texts, context = template["messages"][event], {**STUB, "job": {**STUB["job"], **job}, "url": url}
    default = f"Job #{context['job']['id']} '{context['job']['name']}' {event}: {url}"
    message = _render(texts["message"], context) if texts.get("message") else default
    body = _render(texts["body"], context) if texts.get("body") else ""
    config = template["notification_configuration"]
    if template["notification_type"] == "email":
        mail = email.message.EmailMessage()
        # Django refuses a subject of two lines, and so does this.
        mail["Subject"], mail["From"], mail["To"] = message, config["sender"], ", ".join(config["recipients"])
        mail.set_content(body or default)
        with smtplib.SMTP(config["host"], config["port"], timeout=60) as server:
            server.send_message(mail)
    elif template["notification_type"] == "webhook":
        # A body that is no JSON of a dictionary is left out.
        _post(config["url"], _dictionary(body))
    else:
        _post(config["mattermost_url"], {"text": message})


def _dictionary(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _post(url: str, content: dict[str, Any]) -> None:
    request = urllib.request.Request(url, json.dumps(content).encode(), {"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60):
        pass
