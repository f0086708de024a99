"""What docstrings say: the document's words, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from support import event_document, generate_from


def docstrings(schema: dict[str, Any]) -> str:
    order = {"type": "object", "properties": {"sku": {"type": "string"}}, **schema}
    data = event_document({"$ref": "#/components/schemas/Order"}, components={"Order": order})
    return generate_from(data).files["events.py"].partition("class Order(Builder):\n")[2]


@pytest.mark.parametrize("said", [{}, {"title": "Order"}, {"description": " "}])
def test_a_name_is_not_said_again(said: dict[str, Any]) -> None:
    assert docstrings(said).startswith('    """From `/components/schemas/Order`."""\n')


@pytest.mark.parametrize("said", [{"title": "What was bought"}, {"description": "What was bought"}])
def test_words_come_first(said: dict[str, Any]) -> None:
    assert docstrings(said).startswith('    """What was bought\n\n    From `/components/')


def test_an_operation_without_words_is_its_request() -> None:
    client = generate_from(event_document({"type": "object"})).files["client.py"]
    assert '        """POST /events\n' in client


@pytest.mark.parametrize(
    ("statuses", "named"),
    [
        (["200"], "."),
        (["200", "400", "404"], "; the document has BadRequest, NotFound."),
        (["200", "405", "4XX", "503", "5XX"], "; the document has ServerFailure."),
    ],
)
def test_errors_are_those_of_the_document(statuses: list[str], named: str) -> None:
    data = event_document({"type": "object"})
    answers = {status: {"description": "as it is"} for status in statuses}
    data["paths"]["/events"]["post"]["responses"] = answers
    client = generate_from(data).files["client.py"]
    assert f"AnswerError: the server did not accept it{named}\n" in client


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ({"type": "http", "scheme": "bearer"}, "token: The bearer token."),
        ({"type": "http", "scheme": "basic"}, "username: The user of HTTP Basic."),
        (
            {"type": "apiKey", "in": "query", "name": "k"},
            "api_key: The API key, for the query parameter `k`.",
        ),
        ({"type": "http", "scheme": "bearer", "description": "Ours."}, "token: Ours."),
    ],
)
def test_a_credential_is_what_it_is(scheme: dict[str, Any], words: str) -> None:
    data = event_document({"type": "object"}) | {"security": [{"s": []}]}
    data["components"]["securitySchemes"] = {"s": scheme}
    client = generate_from(data).files["client.py"]
    assert f"        {words}\n" in client
