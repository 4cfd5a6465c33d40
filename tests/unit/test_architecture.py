# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which package may import which, what is pure, and how large files may be, read from the sources."""

from __future__ import annotations

import ast
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
UTILS = PLUGINS / "module_utils"
PREFIX = "ansible_collections.objectstore.batch."
LIBRARIES = {"aws": {"botocore", "urllib3"}, "shared": {"requests"}}
"""What the files that talk to a provider (CONNECTING) may import, besides the standard library, by package."""
CONNECTING = (
    "provider",
    "transport",
    "http_client",
    "object_store",
    "sdk",
    "credential_chain",
    "credentials",
    "endpoints",
)
ENTRY = "_module"
BELOW = {
    "_core": (),
    "_clouds": ("_core",),
    "_requests": ("_core",),
    "_connection": ("_core", "_clouds", "_requests"),
    "_select": ("_core", "_requests"),
    "_updates": ("_core", "_requests"),
}
"""The packages that subjects share, and what each of them may import."""
SUBJECTS = {
    "_chain": ("_status",),
    "_checksums": ("_manifest", "_report"),
    "_create": (),
    "_events": ("_inventory", "_queue", "_wait"),
    "_info": ("_page",),
    "_inventory": (),
    "_manifest": ("_report",),
    "_manifest_info": ("_manifest",),
    "_page": (),
    "_priority": (),
    "_queue": (),
    "_report": (),
    "_retry_manifest": ("_create", "_manifest", "_report"),
    "_status": ("_wait",),
    "_tags": (),
    "_wait": (),
}
"""The packages of subjects that users name, and which other subjects each may import besides what is below."""
IMPURE = {
    *("_connection.connect", "_select.read_jobs", "_wait.job_waiter"),
    *("_report.locator", "_retry_manifest.lost_objects", "_manifest.external_sort"),
    *("_manifest.line_choice", "_manifest.local_files", "_manifest.manifest_sources"),
    *("_manifest.manifest_writer", "_create.manifest_etag", "_checksums.collector"),
    *("_checksums.private_file", "_manifest.manifest_files", "_manifest_info.object_checks"),
    *("_inventory.accounts", "_inventory.queue_scan", "_inventory.scan_cache"),
    *("_inventory.queue_connector", "_events.event_stream", "_events.queue_poller"),
    *("_events.source_options", "_events.state_file"),
}
"""Files of subjects that send requests, write files, or know the registry; so do workflows and changes."""
HANDS_ON = ("plugins/module_utils/_requests/timeouts.py",)
"""Where everything is caught, once: a thread hands on whatever its work raises."""
DOCS = ("DOCUMENTATION", "EXAMPLES", "RETURN")


def sources(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.py") if path.is_file())


def label(path):
    return str(path.relative_to(ROOT))


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def package_of(path):
    """Return the dotted package of a file of the collection or of the emulator."""
    if path.is_relative_to(PLUGINS):
        return PREFIX + ".".join(path.relative_to(ROOT).parent.parts)
    return path.parent.name


def imports(path):
    """Return every module that a file imports, at whatever depth."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                package = package_of(path).split(".")
                module = ".".join([*package[: len(package) - node.level + 1], *filter(None, [module])])
            found.add(module)
            # "from package import module" imports a module, too.
            found.update(f"{module}.{name.name}" for name in node.names)
    return found


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def name_of(path):
    """Return the dotted name of a file of module_utils."""
    return ".".join(path.relative_to(UTILS).with_suffix("").parts)


FILES = {name_of(path) for path in sources("plugins/module_utils")}


def utils_of(path):
    """Return the files of module_utils that a file imports, by dotted name."""
    prefix = PREFIX + "plugins.module_utils."
    found = {name[len(prefix) :] for name in imports(path) if name.startswith(prefix)}
    return {name for name in found if name in FILES}


def package(name):
    return name.split(".")[0]


def package_imports():
    """Return which package imports which, read from the sources."""
    pairs = {
        (package(name_of(path)), package(name)) for path in sources("plugins/module_utils") for name in utils_of(path)
    }
    return {(start, end) for start, end in pairs if start != end}


def outside(path):
    """Return what a file imports from neither the standard library nor this collection."""
    roots = {name.split(".")[0] for name in imports(path) if not name.startswith(PREFIX)}
    return roots - set(getattr(sys, "stdlib_module_names", roots & set(sys.modules))) - {"__future__"}


def test_there_is_something_to_read():
    assert len(sources("plugins")) > 15
    assert "botocore.session" in imports(UTILS / "_clouds" / "aws" / "provider.py"), (
        "imports inside functions are not seen"
    )
    assert "_core.errors" in utils_of(UTILS / "_clouds" / "aws" / "provider.py"), "relative imports are not seen"


def pure(name):
    return package(name) not in ("_clouds", "_requests", "_updates", ENTRY) and not (
        name in IMPURE or name.endswith((".workflow", "_change"))
    )


COVERED = {
    "_core.object_stores": "_clouds/shared/test_http_object_store.py",
    "_core.providers": "_clouds/test_providers.py",
}
"""Pure files that have no unit test of their own name, and the unit test that covers them instead."""


def test_every_pure_file_has_its_unit_test():
    """The test file has the name of the file, so that a reader and a change find it."""
    folder = ROOT / "tests/unit/plugins/module_utils"
    own = {name for name in FILES if (folder / f"{'/test_'.join(name.rsplit('.', 1))}.py").is_file()}
    assert {name for name in FILES if pure(name)} - own == set(COVERED)
    assert not [test for test in COVERED.values() if not (folder / test).is_file()]


ROLES = {"workflow", "create_job_xml", "credentials", "object_store", "provider", "signature", "traits"}
"""Names of files that several packages have, each for the same role."""


def test_a_file_name_is_given_once():
    names = [name.split(".")[-1] for name in FILES]
    assert {name for name in names if names.count(name) > 1} == ROLES


def test_every_package_is_listed():
    assert {package(name) for name in FILES} == {*BELOW, *SUBJECTS, ENTRY}


def allowed(start):
    """Return the packages that a package may import."""
    if start in BELOW:
        return set(BELOW[start])
    return {*BELOW, *SUBJECTS.get(start, SUBJECTS)}


def test_imports_go_downward_only():
    wrong = {(start, end) for start, end in package_imports() if end not in allowed(start)}
    assert not wrong


def test_subjects_import_one_another_as_listed():
    """A permission that nobody uses is taken back."""
    used = {(start, end) for start, end in package_imports() if start in SUBJECTS and end in SUBJECTS}
    assert used == {(start, end) for start, ends in SUBJECTS.items() for end in ends}


@pytest.mark.skipif(not hasattr(sys, "stdlib_module_names"), reason="the list came with Python 3.10")
@pytest.mark.parametrize("name", sorted(name for name in FILES if pure(name)))
def test_pure_files_import_only_pure_files(name):
    path = UTILS / (name.replace(".", "/") + ".py")
    assert not outside(path)
    assert not [other for other in utils_of(path) if not pure(other)]


@pytest.mark.parametrize("path", sources("plugins/module_utils/_clouds"), ids=label)
def test_providers_know_neither_ansible_nor_each_other(path):
    names = imports(path)
    assert not [name for name in names if name == "ansible" or name.startswith("ansible.")]
    if path.stem in ("registry", "stores"):
        return
    providers = {name.split(".")[1] for name in utils_of(path) if package(name) == "_clouds"}
    assert providers <= {path.parent.name, "shared"}


@pytest.mark.skipif(not hasattr(sys, "stdlib_module_names"), reason="the list came with Python 3.10")
@pytest.mark.parametrize("path", sources("plugins/module_utils"), ids=label)
def test_libraries_are_imported_where_they_are_guarded(path):
    libraries = {"ansible"}
    if name_of(path).startswith("_clouds."):
        libraries = LIBRARIES.get(path.parent.name, set()) if path.stem in CONNECTING else set()
    assert outside(path) <= libraries
    top = {name.name for node in tree(path).body if isinstance(node, ast.Import) for name in node.names}
    assert not {name.split(".")[0] for name in top} & {"boto3", "botocore", "requests"}


@pytest.mark.parametrize("path", sources("plugins/module_utils"), ids=label)
def test_only_one_file_knows_ansible_modules(path):
    if path.name == "_module.py":
        return
    text = path.read_text(encoding="utf-8")
    code = ast.dump(tree(path))
    assert "ansible.module_utils.basic" not in text
    assert "fail_json" not in code.replace("fail_json.", "")
    assert "exit_json" not in code


@pytest.mark.parametrize("path", sources("plugins/modules"), ids=label)
def test_modules_never_see_providers(path):
    assert {package(name) for name in utils_of(path)} <= {*SUBJECTS, ENTRY, "_core", "_select"}
    assert not outside(path) if hasattr(sys, "stdlib_module_names") else True


@pytest.mark.parametrize("path", sources("plugins"), ids=label)
def test_plugins_never_import_tests_tools_or_the_emulator(path):
    packages = {"batch_emulator", *(folder.name for folder in (ROOT / "tools").iterdir())}
    for name in imports(path):
        assert name.split(".")[0] not in packages
        assert not {"tests", "tools", "emulator"} & set(name.split("."))


@pytest.mark.parametrize("path", sources("emulator"), ids=label)
def test_the_emulator_never_imports_plugins(path):
    assert not [name for name in imports(path) if name.startswith("ansible_collections") or "plugins" in name]


@pytest.mark.parametrize("path", sources("plugins"), ids=label)
def test_files_and_functions_keep_their_size(path):
    text = path.read_text(encoding="utf-8")
    if path.parent.name == "modules":
        docs = [node for node in tree(path).body if isinstance(node, ast.Assign) and node.targets[0].id in DOCS]
        lines = sum(1 for line in text.splitlines() if line.strip())
        lines -= sum(node.end_lineno - node.lineno + 1 for node in docs)
        assert lines <= 60
    elif path.parent.name != "doc_fragments":
        assert len(text.splitlines()) <= 350
    for function in functions(path):
        assert function.end_lineno - function.lineno < 50, function.name


@pytest.mark.parametrize("path", sources("plugins"), ids=label)
def test_no_assert_and_no_broad_except_in_plugins(path):
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.Assert)
        if isinstance(node, ast.ExceptHandler) and label(path) not in HANDS_ON:
            assert node.type is not None
            assert getattr(node.type, "id", "") not in ("Exception", "BaseException")


def test_one_place_hands_on_what_it_does_not_know():
    for name in HANDS_ON:
        handlers = [node for node in ast.walk(tree(ROOT / name)) if isinstance(node, ast.ExceptHandler)]
        assert len(handlers) == 1, name


@pytest.mark.skipif(not hasattr(sys, "stdlib_module_names"), reason="the list came with Python 3.10")
@pytest.mark.parametrize("path", sources("plugins/action"), ids=label)
def test_action_plugins_leave_the_work_to_their_modules(path):
    assert (PLUGINS / "modules" / path.name).is_file()
    assert outside(path) == {"ansible"}
    assert not utils_of(path)


@pytest.mark.parametrize(
    "path", [path for path in sources("plugins") if path.parent.name != "doc_fragments"], ids=label
)
def test_every_function_is_typed(path):
    for function in functions(path):
        assert function.returns is not None, function.name
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        untyped = [arg.arg for arg in arguments if arg.annotation is None and arg.arg not in ("self", "cls")]
        assert not untyped, function.name


@pytest.mark.parametrize("path", sources("plugins/module_utils"), ids=label)
def test_module_utils_are_private_and_say_so(path):
    assert any(part.startswith("_") for part in path.relative_to(UTILS).parts)
    assert "Private to this collection." in (ast.get_docstring(tree(path)) or "")


WEAK = ("md5", "sha1")


def weak_digests(nodes):
    """Return the lines of a tree that use MD5 or SHA-1 without saying that it is not for security."""
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    fine = {
        id(call.func)
        for call in calls
        for word in call.keywords
        if word.arg == "usedforsecurity" and getattr(word.value, "value", None) is False
    }
    found = [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in WEAK and getattr(node.value, "id", "") == "hashlib"
        if id(node) not in fine
    ]
    found += [
        node.lineno
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module in ("hashlib", "hmac", "_hashlib", "_md5", "_sha1")
    ]
    for call in calls:
        words = {str(word.value).lower() for word in ast.walk(call) if isinstance(word, ast.Constant)}
        if getattr(call.func.value, "id", "") in ("hashlib", "hmac") and words & set(WEAK):
            found.append(call.lineno)
    return found


@pytest.mark.parametrize("path", sources("plugins"), ids=label)
def test_weak_digests_say_that_they_are_not_for_security(path):
    """Where the system admits approved digests only (FIPS), MD5 and SHA-1 fail without it, as part of an HMAC, too."""
    assert not weak_digests(list(ast.walk(tree(path))))


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        ("hashlib.md5(x, usedforsecurity=False)", False),
        ("hashlib.sha256(x)", False),
        ("hmac.new(key, text, hashlib.sha256)", False),
        ("hashlib.md5(x)", True),
        ("hashlib.sha1(x, usedforsecurity=True)", True),
        ("hmac.new(key, text, hashlib.sha1)", True),
        ("hmac.new(key, text, 'sha1')", True),
        ("hmac.digest(key, text, 'MD5')", True),
        ("hashlib.new('md5', usedforsecurity=True)", True),
        ("from hashlib import sha1", True),
    ],
)
def test_the_search_for_weak_digests_finds_them(text, weak):
    assert bool(weak_digests(list(ast.walk(ast.parse(text))))) is weak


CLOCKS = {
    "tests/conformance/test_admin.py": {"test_latency", "test_rate_limit"},
    "tests/conformance/test_faults.py": {"test_drip", "test_late_for_a_patient_client", "test_late_write"},
    "tests/conformance/test_scheduler.py": {"test_nothing_moves_while_the_clock_stands"},
    "tests/conformance/test_server.py": {"test_exits_with_its_parent"},
    "tests/unit/plugins/module_utils/_clouds/shared/test_responses.py": {"test_a_smaller_bound_and_an_end"},
}
"""Tests that ask the machine's clock: what is measured is too short at most, and what is slept may be longer."""
SUITES = ("unit", "contract", "conformance", "tooling", "distribution", "site")


def asks_the_clock(node):
    """Return whether a node is a call of time.sleep() and the like."""
    name = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(name, ast.Attribute)
        and name.attr in ("sleep", "monotonic", "perf_counter")
        and getattr(name.value, "id", "") == "time"
    )


def test_no_test_depends_on_seconds():
    """A busy machine takes any number of them: the test's own clock, a barrier or an event tells the moment."""
    found = {}
    for suite in SUITES:
        for path in sources(f"tests/{suite}"):
            names = {item.name for item in functions(path) for node in ast.walk(item) if asks_the_clock(node)}
            if names:
                found[label(path)] = names
    assert found == {name: tests for name, tests in CLOCKS.items() if (ROOT / name).is_file()}
