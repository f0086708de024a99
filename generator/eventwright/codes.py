"""Every code a diagnostic may carry, with its meaning in one line.

E: a document, or what the configuration says of one; C: the configuration by itself.
A code is never reused for something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "E001": "the file does not exist",
        "E002": "the path is a directory",
        "E003": "the file cannot be read",
        "E004": "the file is not UTF-8",
        "E005": "the file is empty",
        "E006": "the JSON is malformed",
        "E007": "the YAML is malformed",
        "E008": "an object has the same key twice",
        "E009": "the document is not an object",
        "E010": "the document does not say which OpenAPI version it is",
        "E011": "the document is Swagger 2.0",
        "E012": "the OpenAPI version is not supported",
        "E013": "the document is nested too deeply",
        "E014": "a number has no JSON equivalent",
        "E015": "a YAML tag is used",
        "E016": "YAML aliases are circular, unknown or expand to too much",
        "E017": "the file holds several YAML documents",
        "E018": "a YAML key is not a scalar",
        "E019": "a text holds half of a surrogate pair",
        "E020": "a $ref points at nothing",
        "E021": "a schema refers to itself without end",
        "E022": "a $ref leads out of the document",
        "E023": "a $ref is not a JSON pointer",
        "E024": "a $ref points at something of another kind",
        "E030": "the document breaks the rules of OpenAPI",
        "E031": "two operations share an operationId",
        "E032": "an operation has the same parameter twice",
        "E033": "a path and its path parameters disagree",
        "E034": "a default breaks its own schema",
        "E035": "a pattern is not a regular expression Python can run",
        "E036": "a closed object requires a key it does not allow",
        "E040": "the overlay breaks the rules of OpenAPI Overlay",
        "E041": "an overlay's target is not a JSONPath query",
        "E042": "an overlay's target matches nothing",
        "E043": "an overlay's update does not fit what it targets",
        "E301": "the configuration names an object that is not generated",
        "E302": "the configuration gives a name that the generated package needs itself",
        "E303": "two different objects would have one class name",
        "E304": "the configuration names an operation that is not there",
        "E305": "the configured place of error texts is in no answer",
        "E306": "the configuration names a security scheme that is not there",
        "E307": "the configuration names a server that is not there",
        "E308": "two operations would be one method",
        "E309": "two events share their literal",
        "E310": "two keys of one object would be one attribute",
        "E311": "two servers would have one name",
        "E312": "a parameter cannot be sent",
        "E313": "the credentials an operation asks for cannot be sent",
        "E314": "an operation's own servers do not say where they are",
        "E315": "lists, unions, conditions or maps are nested too deeply",
        "E316": "merging schemas makes too many objects",
        "E317": "the first server does not say where it is",
        "C001": "there is no configuration",
        "C002": "the configuration cannot be read",
        "C003": "the configuration is not TOML",
        "C004": "a key is unknown",
        "C005": "a required key is missing",
        "C006": "a value has the wrong type",
        "C007": "a value is not allowed here",
        "C008": "an output is not a package folder inside the project",
        "C009": "two clients share or nest their outputs",
    }
)
