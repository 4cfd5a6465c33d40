# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of modules, other plugins, roles, and playbooks. Each check returns a list of problems."""

from __future__ import annotations

import ast
import re

import yaml

from .tree import PLUGIN_KINDS, Tree, strings, tasks

# Keywords of a task. The only other key is its action.
KEYWORDS = {
    "name",
    "when",
    "register",
    "vars",
    "loop",
    "loop_control",
    "with_items",
    "until",
    "retries",
    "delay",
    "failed_when",
    "changed_when",
    "tags",
    "become",
    "become_user",
    "environment",
    "delegate_to",
    "delegate_facts",
    "run_once",
    "no_log",
    "check_mode",
    "diff",
    "ignore_errors",
    "ignore_unreachable",
    "args",
    "async",
    "poll",
    "notify",
    "listen",
    "throttle",
    "timeout",
    "module_defaults",
    "connection",
    "any_errors_fatal",
}
RUNNING = {"subprocess", "os.system", "os.popen", "pty", "commands"}
# The program of an AWS profile (credential_process). botocore does not limit its time and output.
PROGRAMS = ("plugins/module_utils/_clouds/aws/credential_chain.py",)
FREE = "GPL-3.0-or-later"
# In two parts, because `reuse` would read it as the license of this file.
TAG = "SPDX-License" + "-Identifier: " + FREE


def licenses(tree: Tree) -> list[str]:
    wrong = [
        f"{tree.label(file)} does not contain {TAG}"
        for file in tree.files("plugins/**/*.py")
        if TAG not in "\n".join(file.read_text(encoding="utf-8").splitlines()[:8])
    ]
    return wrong + [
        f"{tree.label(file)} is a different license" for file in tree.files("LICENSES/*") if file.stem != FREE
    ]


def private_utils(tree: Tree) -> list[str]:
    utils = tree.root / "plugins" / "module_utils"
    wrong = [
        f"{tree.label(file)} is public: neither its name nor its directory starts with an underscore"
        for file in tree.files("plugins/module_utils/**/*.py")
        if file.name != "__init__.py" and not file.relative_to(utils).parts[0].startswith("_")
    ]
    return wrong + ["plugins/module_utils: no docstring states that it is private to the collection"] * (
        "Private to this collection" not in tree.text("plugins/module_utils/_module.py")
    )


def plugin_folders(tree: Tree) -> list[str]:
    folders = {file.relative_to(tree.root / "plugins").parts[0] for file in tree.files("plugins/**/*.py")}
    return [f"plugins/{name} is not a plugin directory of Ansible" for name in sorted(folders - set(PLUGIN_KINDS))]


def documented(tree: Tree) -> list[str]:
    return [
        f"{module} has no {block}"
        for module, found in tree.modules.items()
        for block in ("DOCUMENTATION", "EXAMPLES", "RETURN")
        if not found.get(block, "").strip()
    ]


def full_names(tree: Tree) -> list[str]:
    sources = {f"EXAMPLES of {name}": yaml.safe_load(found.get("EXAMPLES", "")) for name, found in tree.modules.items()}
    for file in tree.files("playbooks/*.yml", "roles/*/tasks/*.yml", "roles/*/handlers/*.yml"):
        sources[tree.label(file)] = tree.yaml(tree.label(file))
    wrong = []
    for place, value in sources.items():
        for task in tasks(value):
            wrong += [
                f"{place}: {key!r} is not a fully qualified name"
                for key in task
                if key not in KEYWORDS and not re.fullmatch(r"\w+(\.\w+){2,}", str(key))
            ]
    for module in tree.modules:
        fragments = tree.documentation(module).get("extends_documentation_fragment", [])
        wrong += [
            f"{module}: fragment {name!r} is not a fully qualified name" for name in fragments if name.count(".") < 2
        ]
    return wrong


def version_added(tree: Tree) -> list[str]:
    return [
        f"{module} has no version_added"
        for module in tree.modules
        if not re.fullmatch(r"\d+\.\d+\.\d+", str(tree.documentation(module).get("version_added", "")))
    ]


def info_only_informs(tree: Tree) -> list[str]:
    wrong = [f"{module} ends in _facts" for module in tree.modules if module.endswith("_facts")]
    for module in tree.modules:
        options = tree.documentation(module).get("options") or {}
        choices = set((options.get("state") or {}).get("choices") or [])
        if module.endswith("_info") and "state" in options:
            wrong.append(f"{module} has an option state")
        if choices & {"get", "list", "query"}:
            wrong.append(f"{module} has a state for reading")
    return wrong


def check_mode(tree: Tree) -> list[str]:
    door, fragments = "plugins/module_utils/_module.py", "plugins/doc_fragments/attributes.py"
    wrong = [] if "supports_check_mode=True" in tree.text(door) else [f"{door} does not support check mode"]
    inherited = {name: yaml.safe_load(text) for name, text in strings(tree.root / fragments).items()}
    for module in tree.modules:
        documentation = tree.documentation(module)
        said = [documentation]
        for name in documentation.get("extends_documentation_fragment", []):
            if name.startswith("objectstore.batch.attributes"):
                said.append(inherited.get((name.split(".")[3:] or ["documentation"])[0].upper(), {}))
        support = [((part.get("attributes") or {}).get("check_mode") or {}).get("support") for part in said]
        if "full" not in support:
            wrong.append(f"{module} does not document full support of check mode")
    return wrong


def idempotent(tree: Tree) -> list[str]:
    """An integration target or a contract test runs each module twice."""
    proofs = "\n".join(
        file.read_text(encoding="utf-8")
        for file in tree.files("tests/contract/test_*.py", "tests/integration/targets/*/tasks/*.yml")
        if re.search(r'\["changed"\] is False|not \w+\["changed"\]|is not changed', file.read_text(encoding="utf-8"))
    )
    return [f"no test runs {module} a second time" for module in tree.modules if module not in proofs]


def conventions(tree: Tree) -> list[str]:
    wrong = []
    for file in tree.files("plugins/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [ast.unparse(node)] if isinstance(node, ast.Attribute) else []
            if tree.label(file) not in PROGRAMS:
                wrong += [f"{tree.label(file)} runs programs ({name})" for name in names if name in RUNNING]
            shells = [word.arg for word in node.keywords if word.arg == "shell"] if isinstance(node, ast.Call) else []
            wrong += [f"{tree.label(file)} runs a shell" for _word in shells]
    return wrong


def old_python(tree: Tree) -> list[str]:
    wrong = []
    for file in tree.files("plugins/**/*.py"):
        text = file.read_text(encoding="utf-8")
        if "from __future__ import annotations" not in text:
            wrong.append(f"{tree.label(file)} has no from __future__ import annotations")
        names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        if "_" in names:
            wrong.append(f"{tree.label(file)} uses _ as a variable")
    return wrong


def module_names(tree: Tree) -> list[str]:
    return [f"{module} does not start with batch_" for module in tree.modules if not module.startswith("batch_")]


def action_groups(tree: Tree) -> list[str]:
    named = set(tree.runtime.get("action_groups", {}).get("all", []))
    return [f"meta/runtime.yml: the group all lacks {module}" for module in sorted(set(tree.modules) - named)]
