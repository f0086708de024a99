"""What is said of bytes that are no document, and where they stop being one."""

from __future__ import annotations

import pytest

from eventwright.text.jsontext import MAX_DEPTH
from unit.document.loading import said

ASYNCAPI = (
    'take its messages over as events: npx js-yaml s.yaml | jq \'{openapi: "3.1.0", '
    "info: {title: .info.title, version: .info.version}, "
    'paths: {"/": {post: {operationId: "send", requestBody: {required: true, '
    'content: {"application/json": {schema: {anyOf: [.components.messages[].payload]}}}}, '
    'responses: {default: {description: ""}}}}}, '
    "components: {schemas: (.components.schemas // {})}}' > s.openapi.json"
)
SEND_TO = 'to take its events, say where they go: send_to = "https://…" under [[client]]'

BAD_JSON = [
    (
        '{\n  "openapi": "3.1.0",\n  "info": {\n    "title" "T"\n  }\n}',
        "s.json:4:13: error[E006]: malformed JSON: expecting ':' delimiter\n"
        "  at /info\n"
        '    4 |     "title" "T"\n'
        "      |             ^",
    ),
    (
        '{"tags": [\n  {"name": "a"},\n]}',
        "s.json:2:16: error[E006]: malformed JSON: a comma before the closing bracket\n"
        "  at /tags/0\n"
        '    2 |   {"name": "a"},\n'
        "      |                ^\n"
        "help: remove the comma",
    ),
    (
        '{"info": {"title": "T"',
        "s.json:1:23: error[E006]: malformed JSON: the text ends too early\n"
        "  at /info/title\n"
        '    1 | {"info": {"title": "T"\n'
        "      |                       ^\n"
        "help: a closing bracket or quote is missing",
    ),
    (
        '{"info": {"a": 1, "b": [{"x": 1, "x": 2}], "a": 3}}',
        "s.json:1:34: error[E008]: the key 'x' is here twice\n"
        "  at /info/b/0/x\n"
        '    1 | {"info": {"a": 1, "b": [{"x": 1, "x": 2}], "a": 3}}\n'
        "      |                                  ^\n"
        "help: remove or rename one of the two: readers disagree on which one counts\n"
        "\n"
        "s.json:1:44: error[E008]: the key 'a' is here twice\n"
        "  at /info/a\n"
        '    1 | {"info": {"a": 1, "b": [{"x": 1, "x": 2}], "a": 3}}\n'
        "      |                                            ^\n"
        "help: remove or rename one of the two: readers disagree on which one counts",
    ),
    (
        '{"a": ["NaN", -1e5, NaN]}',
        "s.json:1:21: error[E014]: NaN is not a number JSON can hold\n"
        "  at /a/2\n"
        '    1 | {"a": ["NaN", -1e5, NaN]}\n'
        "      |                     ^\n"
        "help: write a finite number",
    ),
    (
        '{"a": -Infinity}',
        "s.json:1:7: error[E014]: -Infinity is not a number JSON can hold\n"
        "  at /a\n"
        '    1 | {"a": -Infinity}\n'
        "      |       ^\n"
        "help: write a finite number",
    ),
    (
        '{"a": 1e9999}',
        "s.json:1:7: error[E014]: 1e9999 is not a number JSON can hold\n"
        "  at /a\n"
        '    1 | {"a": 1e9999}\n'
        "      |       ^\n"
        "help: write a finite number",
    ),
]
BAD_YAML = [
    (
        "info:\n  title: T\n  title: U\n",
        "s.yaml:3:3: error[E008]: the key 'title' is here twice\n"
        "  at /info/title\n"
        "    3 |   title: U\n"
        "      |   ^\n"
        "help: remove or rename one of the two: readers disagree on which one counts",
    ),
    (
        "responses:\n  200: a\n  '200': b\n",
        "s.yaml:3:3: error[E008]: the key '200' is here twice\n"
        "  at /responses/200\n"
        "    3 |   '200': b\n"
        "      |   ^\n"
        "help: remove or rename one of the two: readers disagree on which one counts",
    ),
    (
        "info:\n  title: !!python/object/apply:os.system [id]\n",
        "s.yaml:2:10: error[E015]: the tag tag:yaml.org,2002:python/object/apply:os.system "
        "is not allowed: an OpenAPI document is JSON data\n"
        "  at /info/title\n"
        "    2 |   title: !!python/object/apply:os.system [id]\n"
        "      |          ^\n"
        "help: remove the tag",
    ),
    (
        "a: &x\n  b: *x\n",
        "s.yaml:2:6: error[E016]: the alias *x stands inside what it names\n"
        "  at /a/b\n"
        "    2 |   b: *x\n"
        "      |      ^\n"
        "help: use $ref instead",
    ),
    (
        "a: *y\n",
        "s.yaml:1:4: error[E016]: the alias *y names no anchor\n"
        "  at /a\n"
        "    1 | a: *y\n"
        "      |    ^\n"
        "help: use $ref instead",
    ),
    (
        "a: 1\n---\nb: 2\n",
        "s.yaml:2:1: error[E017]: a second YAML document begins here\n"
        "    2 | ---\n"
        "      | ^\n"
        "help: keep one per file",
    ),
    (
        "a:\n  ? [b]\n  : c\n",
        "s.yaml:2:5: error[E018]: a key must be a text, not an object, array or alias\n"
        "  at /a\n"
        "    2 |   ? [b]\n"
        "      |     ^\n"
        "help: write the key out",
    ),
    (
        "a:\n  b: .nan\n  c: -1e9999\n",
        "s.yaml:2:6: error[E014]: .nan is not a number JSON can hold\n"
        "  at /a/b\n"
        "    2 |   b: .nan\n"
        "      |      ^\n"
        "help: write a finite number, or quote it if it is a text\n"
        "\n"
        "s.yaml:3:6: error[E014]: -1e9999 is not a number JSON can hold\n"
        "  at /a/c\n"
        "    3 |   c: -1e9999\n"
        "      |      ^\n"
        "help: write a finite number, or quote it if it is a text",
    ),
]
BAD_DOCUMENTS = [
    ("", "s.yaml:1:1: error[E005]: the file is empty\nhelp: an OpenAPI document goes here"),
    (
        "\ufeff \n",
        "s.yaml:1:1: error[E005]: the file is empty\nhelp: an OpenAPI document goes here",
    ),
    (
        "- a\n",
        "s.yaml:1:1: error[E009]: the root must be an object, not an array\n"
        "    1 | - a\n"
        "      | ^\n"
        "help: it begins with `openapi: 3.1.0`",
    ),
    (
        "# nothing\n",
        "s.yaml:1:1: error[E009]: the root must be an object, not null\n"
        "    1 | # nothing\n"
        "      | ^\n"
        "help: it begins with `openapi: 3.1.0`",
    ),
    (
        "info:\n  title: T\n",
        "s.yaml:1:1: error[E010]: there is no 'openapi' key to say which version this is\n"
        "    1 | info:\n"
        "      | ^\n"
        "help: add `openapi: 3.1.0`, or the version it is written in",
    ),
    (
        "info: {}\nopenapi: 3.1\n",
        "s.yaml:2:1: error[E010]: the version is the number 3.1, not a text\n"
        "  at /openapi\n"
        "    2 | openapi: 3.1\n"
        "      | ^\n"
        'help: write all three parts: "3.1.0"',
    ),
    (
        'openapi: "3.1"\n',
        "s.yaml:1:1: error[E010]: '3.1' is not an OpenAPI 3 version\n"
        "  at /openapi\n"
        '    1 | openapi: "3.1"\n'
        "      | ^\n"
        'help: write it like "3.1.0"',
    ),
    (
        "asyncapi: 3.0.0\ninfo: {}\n",
        "s.yaml:1:1: error[E025]: this is AsyncAPI 3.0.0, not OpenAPI 3\n"
        "  at /asyncapi\n"
        "    1 | asyncapi: 3.0.0\n"
        "      | ^\n"
        f"help: {ASYNCAPI}",
    ),
    (
        "asyncapi: [" + "1, " * 30 + "]\n",
        "s.yaml:1:1: error[E025]: this is AsyncAPI, not OpenAPI 3\n"
        "  at /asyncapi\n"
        "    1 | asyncapi: [" + ("1, " * 30)[:89] + "…\n"
        "      | ^\n"
        f"help: {ASYNCAPI}",
    ),
    (
        "overlay: 1.0.0\n",
        "s.yaml:1:1: error[E025]: this is OpenAPI Overlay 1.0.0, not OpenAPI 3\n"
        "  at /overlay\n"
        "    1 | overlay: 1.0.0\n"
        "      | ^\n"
        "help: name it in `overlays`, and in `spec` the document",
    ),
    (
        '$schema: "https://json-schema.org/draft/2020-12/schema"\ntype: object\n',
        "s.yaml:1:1: error[E025]: this is a JSON Schema, not OpenAPI 3\n"
        "  at /$schema\n"
        '    1 | $schema: "https://json-schema.org/draft/2020-12/schema"\n'
        "      | ^\n"
        f"help: {SEND_TO}",
    ),
    (
        "name: Plan\nrules: {events: [{name: Order Placed, rules: {}}]}\n",
        "s.yaml:2:1: error[E025]: this is a tracking plan, not OpenAPI 3\n"
        "  at /rules\n"
        "    2 | rules: {events: [{name: Order Placed, rules: {}}]}\n"
        "      | ^\n"
        f"help: {SEND_TO}",
    ),
    (
        "info: {}\nopenAPI: 3.1.0\n",
        "s.yaml:2:1: error[E010]: the key 'openAPI' is unknown; did you mean 'openapi'?\n"
        "  at /openAPI\n"
        "    2 | openAPI: 3.1.0\n"
        "      | ^\n"
        "help: write `openapi: 3.1.0`",
    ),
    (
        'info: {}\nswagger: "2.0"\n',
        "s.yaml:2:1: error[E011]: this is Swagger 2.0, not OpenAPI 3\n"
        "  at /swagger\n"
        '    2 | swagger: "2.0"\n'
        "      | ^\n"
        "help: convert it: npx swagger2openapi s.yaml -o s.openapi.yaml",
    ),
    (
        "openapi: 3.9.0\n",
        "s.yaml:1:1: error[E012]: OpenAPI 3.9.0 is not supported\n"
        "  at /openapi\n"
        "    1 | openapi: 3.9.0\n"
        "      | ^\n"
        "help: use 3.0, 3.1 or 3.2",
    ),
]


@pytest.mark.parametrize(("text", "expected"), BAD_JSON)
def test_bad_json(text: str, expected: str) -> None:
    assert said(text, "s.json") == expected


@pytest.mark.parametrize(("text", "expected"), BAD_YAML)
def test_bad_yaml(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(("text", "expected"), BAD_DOCUMENTS)
def test_not_a_document(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "place", "pointer"),
    [
        ("a: b: c\n", "s.yaml:1:5", ""),
        ("a:\n  b:\n\t- c\n", "s.yaml:3:1", ""),
        ("a: {b: [1,}\n", "s.yaml:1:11", "  at /a/b\n"),
        ("a: 'open\n", "s.yaml:2:1", ""),
        ("a: @x\n", "s.yaml:1:4", ""),
        ("a: '\x01'\n", "s.yaml:1:5", ""),
    ],
)
def test_yaml_syntax(text: str, place: str, pointer: str) -> None:
    # The words are the parser's, of which there are two.
    answer = said(text)
    assert answer.startswith(f"{place}: error[E007]: malformed YAML: ")
    assert pointer in answer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("type: object\nproperties: {a: {}}\n", "a JSON Schema"),
        ("definitions: {a: {}}\n", "a JSON Schema"),
        ("events: [{name: A}, {name: B}]\n", "a tracking plan"),
        ("rules: [{key: A, jsonSchema: {}}]\n", "a tracking plan"),
        ("tracking_plan: {rules: {}}\n", "a tracking plan"),
    ],
)
def test_what_else_describes_events_is_called_what_it_is(text: str, name: str) -> None:
    assert f"error[E025]: this is {name}, not OpenAPI 3" in said(text)


@pytest.mark.parametrize(
    "text", ["info: {}\npaths: {}\nproperties: {}\n", "events: [a]\n", "a: 1\n"]
)
def test_what_is_nothing_known_lacks_a_version(text: str) -> None:
    assert "error[E010]: there is no 'openapi' key" in said(text)


def test_an_integer_longer_than_python_reads() -> None:
    for text in ("9" * 5000, "0x" + "f" * 5000, "0o" + "7" * 6000):
        answer = said(f"a: {text}")
        assert answer.startswith(f"s.yaml:1:4: error[E014]: {text[:20]}… is not a number")
    answer = said('{"a": %s}' % ("9" * 5000), "s.json")
    assert answer.startswith("s.json:1:7: error[E014]: 99999999999999999999… is not a number")


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 1_500, 100_000])
@pytest.mark.parametrize("make", ['{"a":', "[", "- "])
def test_too_deep_is_an_error_and_never_a_recursion(make: str, depth: int) -> None:
    answer = said(make * depth + "1" + {"- ": "", "[": "]", '{"a":': "}"}[make] * depth)
    assert "error[E013]: objects and arrays are nested more than 200 deep" in answer
    assert answer.endswith("help: flatten the document with $ref")


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ('["\\"[[[[", "\\\\", "{{{", "]", "a\\n\\"{"]', "E010"),
        ("[[]]", "E013"),
        ("[{}]", "E013"),
        ('{"a": {"b": 1}}', "E013"),
    ],
)
def test_the_depth_of_json_is_counted_exactly(inside: str, code: str) -> None:
    around = MAX_DEPTH - 1
    text = '{"a":' * around + inside + "}" * around
    assert f"error[{code}]" in said(text, "s.json")


def test_billions_of_laughs_are_cut_short() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    answer = said("\n".join(lines))
    assert "error[E016]: aliases expand to more than 1000000 values\n  at /a6" in answer


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("{}".encode("utf-16"), "UTF-16"),
        ("{}".encode("utf-16-le"), "UTF-16"),
        ("{}".encode("utf-16-be"), "UTF-16"),
        ("{}".encode("utf-32"), "UTF-32"),
        ("{}".encode("utf-32-be"), "UTF-32"),
    ],
)
def test_utf16_says_so(raw: bytes, name: str) -> None:
    assert said(raw) == (
        f"s.yaml:1:1: error[E004]: the file is {name}, but must be UTF-8\n"
        f"help: iconv -f {name} -t UTF-8 s.yaml"
    )


def test_latin1_is_shown_where_it_is() -> None:
    assert said("a: é\nb: né\n".encode("latin-1").replace(b"a: \xe9", "a: é".encode())) == (
        "s.yaml:2:5: error[E004]: the file is not UTF-8: byte 0xe9 begins no character\n"
        "    2 | b: n\ufffd\n"
        "      |     ^\n"
        "help: save it as UTF-8"
    )
