# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What no provider answers with is refused before a parser sees it: document types, other encodings, endless texts."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.parse_job_xml import (
    ResponseError,
    parse_created,
    parse_described,
    parse_error,
    parse_page,
    parse_request,
    parse_root,
    parse_updated_priority,
    parse_updated_status,
)
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.xml_bounds import (
    LONGEST_TEXT,
    find_fault,
)

JOB = "<DescribeJobResult><Job><JobId>job-1</JobId>%s</Job></DescribeJobResult>"
GOOD = JOB % "<Description>a</Description>"
ENTITY = '<!DOCTYPE a [<!ENTITY e "boom">]>'
DOCTYPES = {
    "internal entity": ENTITY,
    "no subset": "<!DOCTYPE DescribeJobResult>",
    "external": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
    "public": '<!DOCTYPE a PUBLIC "-//X//Y" "http://127.0.0.1:9/x.dtd">',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "after a comment": f"<!-- <DescribeJobResult> -->{ENTITY}",
    "after an instruction": f'<?xml-stylesheet href="<a>"?>{ENTITY}',
    "after blanks": f"\n\t\r \n{ENTITY}",
    "comment with hyphens": f"<!--- - -->{ENTITY}",
    "not closed": "<!DOCTYPE a [",
}
BEGINNINGS = {"plain": "", "declared": '<?xml version="1.0" encoding="UTF-8"?>'}
WRITTEN = "schlüssel 界 😀 &#x20AC; &lt;!DOCTYPE&gt;"
NODES = ("Description", "Status", "StatusUpdateReason", "SuspendedCause", "Novelty", "RoleArn")
PARSERS = (
    parse_described,
    parse_page,
    parse_updated_priority,
    parse_updated_status,
    parse_created,
    parse_request,
    lambda body: parse_root(body, "ListBucketResult"),
)


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("name", DOCTYPES)
def test_document_types(name, beginning):
    body = (BEGINNINGS[beginning] + DOCTYPES[name] + GOOD).encode()
    assert find_fault(body) == "the response has a document type declaration (DOCTYPE), which no provider sends"
    for parse in PARSERS:
        with pytest.raises(ResponseError, match="document type declaration"):
            parse(body)
    assert parse_error(body) is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("declared", ["", "utf-8", "UTF-16"])
def test_document_types_in_other_encodings(encoding, declared):
    beginning = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = (beginning + ENTITY + GOOD).encode(encoding)
    assert find_fault(body)
    with pytest.raises(ResponseError):
        parse_described(body)


@pytest.mark.parametrize("encoding", ["cp037", "cp500", "utf-7", "iso-8859-1", "shift_jis", "UTF-16", "no-such"])
def test_an_encoding_that_is_declared_changes_nothing(encoding):
    """expat would ask Python for any other one, and read what follows by it: the rest may hide a DOCTYPE then."""
    hidden = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
    try:
        hidden += (ENTITY + GOOD.replace("a</D", "&e;</D")).encode(encoding)
    except LookupError:
        hidden += (ENTITY + GOOD).encode()
    with pytest.raises(ResponseError):
        parse_described(hidden)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_utf_8_says_is_read(encoding):
    body = (BEGINNINGS["declared"] + JOB % f"<Description>{WRITTEN}</Description>").encode(encoding)
    assert parse_described(body).description == "schlüssel 界 😀 € <!DOCTYPE>"


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        f"<!-- a --><?x y?>\n{GOOD}",
        GOOD.replace("a</D", "<![CDATA[<!DOCTYPE a [<!ENTITY e 'x'>]>]]></D"),
        GOOD.replace("a</D", "<!-- <!DOCTYPE a> -->a</D"),
    ],
)
def test_a_text_about_document_types_is_a_text(body):
    assert find_fault(body.encode()) == ""
    assert parse_described(body.encode()).job_id == "job-1"


@pytest.mark.parametrize(
    "node", ["Description", "Status", "StatusUpdateReason", "SuspendedCause", "Novelty", "RoleArn"]
)
def test_a_text_has_an_end(node):
    body = JOB % f"<{node}>%s</{node}>"
    assert parse_described((body % ("x" * 60_000)).encode()).job_id == "job-1"
    with pytest.raises(ResponseError, match=rf"a text in the response has more than {LONGEST_TEXT} bytes"):
        parse_described((body % ("x" * (LONGEST_TEXT + 1))).encode())


@pytest.mark.parametrize(
    "inside",
    [
        "<FailureReasons><JobFailure><FailureReason>%s</FailureReason></JobFailure></FailureReasons>",
        "<Operation><Copy><Tags><a>%s</a></Tags></Copy></Operation>",
        "<Operation>%s</Operation>",
        "<a b='%s'/>",
        "<!--%s-->",
        "<![CDATA[%s]]>",
    ],
)
def test_a_text_has_an_end_wherever_it_is(inside):
    with pytest.raises(ResponseError, match="a text in the response has more than"):
        parse_described((JOB % (inside % ("x" * (LONGEST_TEXT + 1)))).encode())


def test_the_words_of_an_error_are_cut():
    body = "<Error><Code>%s</Code><Message>%s</Message><RequestId>%s</RequestId></Error>"
    found = parse_error((body % ("C" * 5000, "m" * 500_000, "r" * 5000)).encode())
    assert found is not None
    assert (len(found["code"]), len(found["request_id"])) == (200, 200)
    assert found["message"].startswith("mmm") and len(found["message"]) < 2000


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b" " * 2**23 + b"<a/>", "a text in the response"),
        (b"<!---->" * 400_000 + b"<a/>", ""),
        (b"<!---->" * 400_000 + ENTITY.encode(), "document type"),
        (b"<?x?>" * 400_000 + b"<a/>", ""),
        (b"<!--" + b"-" * 2**22, "document type"),
        (b"<!--" + b"- " * 2**22 + b"<a/>", "document type"),
        (b"<a>" + b"x" * 2**25, "a text in the response"),
        (b"<" * 500_000, "nested nodes"),
        (b"<a>" + b"<b>" * 499_000, "nested nodes"),
        (b"<a>" + b"<b/>" * 499_000, ""),
        (b"<a>" + b"<b>" * 500_000, "larger than any job list"),
    ],
    ids=range(11),
)
def test_the_check_ends(body, fault):
    """Its time is a few times that of the length: the square of these would be hours."""
    found = find_fault(body)
    assert fault in found and bool(found) == bool(fault)


@pytest.mark.parametrize("digits", [19, 5_000, 60_000])
def test_numbers_of_many_digits(digits):
    number = "9" * digits
    job = parse_described((JOB % f"<Priority>{number}</Priority><CreationTime>{number}</CreationTime>").encode())
    assert (job.priority, job.created) == (None, None)
    body = f"<UpdateJobPriorityResult><JobId>a</JobId><Priority>{number}</Priority></UpdateJobPriorityResult>"
    assert parse_updated_priority(body.encode()) == ("a", None)


@pytest.mark.parametrize("node", ["JobId", "Novelty", "Operation", "FailureReasons", "ProgressSummary", "Description"])
@pytest.mark.parametrize("depth", [60, 100_000])
def test_depth_has_an_end_wherever_it_is(node, depth):
    inner = "<a>" * depth + "</a>" * depth
    with pytest.raises(ResponseError, match="nested nodes"):
        parse_described((JOB % f"<{node}>{inner}</{node}>").encode())
    assert parse_error(f"<Error><Code>{inner}</Code></Error>".encode()) is None


@pytest.mark.parametrize("depth", [30_000, 200_000])
@pytest.mark.parametrize("before", ["", "<b/>" * 999, "<!-- a -->" * 999, "<b>c</b>" * 20_000])
def test_nodes_inside_one_another(depth, before):
    body = (JOB % (before + "<a>" * depth + "</a>" * depth)).encode()
    assert find_fault(body) == "the response has more than 1000 nested nodes, which no provider sends"
    assert "nested nodes" in find_fault(body, long_texts=True)


@pytest.mark.parametrize("node", ["<b/>", "<b>c</b>", "<!-- a --><b></b>", "<b c='d'/>"])
def test_many_nodes_beside_one_another(node):
    """Whatever stands at the end of a block."""
    for shift in range(8):
        body = (JOB % ("<Description>" + "a" * shift + "</Description>" + node * 100_000)).encode()
        assert find_fault(body) == ""
