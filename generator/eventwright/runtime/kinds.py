"""Types -> expressions that make the runtime's kinds, such as `_t.String(min_length=1)`."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..model.model import (
    AliasRef,
    AnyType,
    ArrayType,
    Assertion,
    BooleanType,
    EnumType,
    Evaluated,
    Model,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    ObjectType,
    StringType,
    Type,
    UnionType,
)
from ..model.natives import native
from ..patterns.translate import Checked, examine
from ..python.naming import Distinct, constant_name, words
from ..python.quoting import literal
from ..text.jsonvalues import Json
from .formats import checked_formats
from .runtime import runtime

MAX_NESTING = 32
"""Of expressions. What is nested deeper is a variable: Python neither reads nor writes it else."""

MAX_REPEATED = 4000
"""Characters of an expression that is written out again where its object is met again."""


class Kinds:
    """Writes kind expressions; collects those that are not written out where they are used."""

    def __init__(
        self, model: Model, classes: Collection[str], *, within: str = "", private: bool = True
    ) -> None:
        """
        Args:
            classes: the keys of the objects that have one.
            within: what stands in front of the names of classes and enums.
            private: whether no other module imports the variables.
        """
        self._model = model
        self._classes = classes
        self._private = private
        self.within = within
        self._defined: set[str] = set()
        self._open: set[str] = set()
        self._depth = 0
        self._late = False
        self._large: set[str] = set()
        self._waiting: list[str] = []
        self.shared: dict[str, str] = {}
        """Variable -> expression, for schemas without a class: recursive, deep, large and repeated
        ones."""
        self.values: set[str] = set()
        """The constants with the values of enums that expressions name."""
        self.named: set[str] = set()
        """The classes that expressions name."""
        self._variables = Distinct(*(alias.values_name for alias in model.enums.values()))

    def define(self, name: str) -> None:
        """From here on the class can be named; before, only lazily."""
        self._defined.add(name)

    def beside(self, within: str) -> Kinds:
        """The same for another module, which imports the classes defined so far, or has them
        `within` the module that it names: there each is loaded when it is needed."""
        other = Kinds(self._model, self._classes, within=within)
        other._defined = set() if within else self._defined
        return other

    def kind(self, node: Type) -> str:
        """The expression for a type, its conditions included."""
        self._depth += 1
        plain = self._plain(node)
        conditions = [self.condition(assertion) for assertion in node.assertions]
        if self._depth == 1:
            self._settle()
        self._depth -= 1
        return self._call("Checked", plain, *conditions) if conditions else plain

    def late(self, node: Type) -> str:
        """The same for a place that is evaluated when it is needed: all classes are there then."""
        self._late = True
        written = self.kind(node)
        self._late = False
        return written

    def _at_once(self, node: Type) -> str:
        """The expression of a variable, evaluated when the module is imported."""
        late, self._late = self._late, False
        written = self.kind(node)
        self._late = late
        return written

    def _settle(self) -> None:
        """Write the expressions that wait for it: at the top, since they may lead on and on."""
        while self._waiting:
            key = self._waiting.pop()
            alias = self._model.aliases.get(key)
            late, self._late = self._late, False
            written = self.kind(alias) if alias else self._map(self._model.objects[key])
            self._late = late
            self.shared[self._variable(key)] = written

    def extra(self, item: ObjectType) -> str:
        """The kind of an object's undeclared keys as one mapping; "" when there are none."""
        if isinstance(item.extra, NeverType) and not item.patterns:
            return ""
        values = [] if _is_any(item.extra) else [self.kind(item.extra)]
        return self._call("Map", *values, patterns=self._patterns(item))

    def _patterns(self, item: ObjectType) -> str:
        kinds: dict[str, list[str]] = {}
        for pattern, node in item.patterns:
            kinds.setdefault(python_pattern(pattern), []).append(self.kind(node))
        return _mapping({pattern: self._every(each) for pattern, each in kinds.items()})

    def _every(self, kinds: list[str]) -> str:
        """Two patterns may be one to Python."""
        first, *others = kinds
        return self._call("Checked", first, self._call("AllOf", *others)) if others else first

    def conditions(self, item: ObjectType) -> list[str]:
        """What a whole object must meet."""
        size = [item.min_properties or 0, item.max_properties]
        found = [self._call("Size", *map(literal, size))] if size != [0, None] else []
        return found + [self.condition(assertion) for assertion in item.assertions]

    def condition(self, assertion: Assertion) -> str:
        kinds = [self.kind(node) for node in assertion.types]
        names = list(map(literal, assertion.names))
        match assertion.keyword:
            case "allOf":
                return self._call("AllOf", *kinds)
            case "anyOf":
                return self._call("AnyOf", *kinds, words=literal(self._words(assertion)))
            case "oneOf":
                return self._call("OneOf", *kinds, words=literal(self._words(assertion)))
            case "not":
                return self._call("Not", *kinds, words=literal("a value that `not` allows"))
            case "if":
                return self._call("If", *kinds)
            case "contains":
                return self._call("Contains", *kinds, *map(literal, assertion.bounds))
            case "propertyNames":
                return self._call("Keys", *kinds)
            case "dependentRequired":
                return self._call("Together", *names)
            case "notRequired":
                return self._call("Without", *names)
            case "array" | "number" | "object" | "string":
                return self._call("IfType", literal(assertion.keyword), *kinds)
            case "additionalProperties" | "unevaluatedProperties":
                return self._call("RestOfKeys", *kinds, *map(self._seen, assertion.evaluated))
            case "unevaluatedItems":
                return self._call("RestOfItems", *kinds, *map(self._seen, assertion.evaluated))
            case _:
                return self._call("When", *names, *kinds)

    def _seen(self, seen: Evaluated) -> str:
        patterns = [python_pattern(pattern) for pattern in seen.patterns]
        return self._call(
            "Seen",
            where=_listed(map(self.kind, seen.where)),
            names=_listed(map(literal, seen.names)),
            patterns=_listed(map(literal, patterns)),
            first=literal(seen.first) if seen.first else "",
            every=literal(True) if seen.every else "",
            matching=_listed(map(self.kind, seen.matching)),
        )

    def _words(self, assertion: Assertion) -> str:
        """`one of: with userId; with anonymousId`, where the arms ask for keys."""
        many = "exactly one" if assertion.keyword == "oneOf" else "at least one"
        asked = [self._required(node) for node in assertion.types]
        if all(asked) and len(set(map(tuple, asked))) == len(asked):
            arms = "; ".join(" and ".join(map(repr, keys)) for keys in asked)
            return f"an object with {many} of: {arms}"
        return f"what {many} of the alternatives of `{assertion.keyword}` allows"

    def _required(self, node: Type) -> list[str]:
        if not isinstance(node, ObjectRef):
            return []
        return [field.wire for field in self._model.objects[node.key].fields if field.required]

    def _plain(self, node: Type) -> str:
        match node:
            case AnyType():
                return self._call("AnyValue")
            case NeverType():
                return self._call("Never")
            case NullType():
                return self._call("Null")
            case BooleanType():
                return self._call("Boolean")
            case NumberType():
                return self._number(node)
            case StringType():
                return self._string(node)
            case EnumType():
                return self._enum(node)
            case NullableType():
                return self._call("Nullable", self.kind(node.inner))
            case ArrayType():
                return self._array(node)
            case UnionType():
                return self._union(node)
            case AliasRef():
                return self._shared(node.key)
            case ObjectRef():
                return self._object(node)

    def _enum(self, node: EnumType) -> str:
        alias = self._model.enums.get(node.identity)
        if alias is None:
            return self._call("Enum", *map(literal, node.values))
        self.values.add(alias.values_name)
        return self._call("Enum", f"*{self.within}{alias.values_name}")

    def _number(self, node: NumberType) -> str:
        return self._call(
            "Integer" if node.integral else "Number",
            minimum=_given(node.minimum),
            maximum=_given(node.maximum),
            exclusive_minimum=_given(node.exclusive_minimum),
            exclusive_maximum=_given(node.exclusive_maximum),
            multiple_of=_given(node.multiple_of),
            format=literal(node.format) if node.format in runtime("kinds.bounded").INTEGERS else "",
        )

    def _string(self, node: StringType) -> str:
        bounds = {
            "min_length": _given(node.min_length),
            "max_length": _given(node.max_length),
            "pattern": literal(python_pattern(node.pattern)) if node.pattern else "",
        }
        dated = {"date-time": "DateTime", "date": "Date"}.get(node.format)
        if dated and not any(bounds.values()):
            return self._call(dated)
        # How the document spells it, for people.
        spelling = literal(node.pattern) if bounds["pattern"] != literal(node.pattern) else ""
        bounds["spelling"] = spelling if node.pattern else ""
        bounds["format"] = checked_formats().get(node.format, ("",))[0]
        own = native(node)
        if own is None:
            return self._call("String", **bounds)
        if node.native:
            return self._call("Value", f"_native.{own.name}", self._call("String", **bounds))
        return self._call("Text", f"_native.{own.name}", **bounds)

    def _array(self, node: ArrayType) -> str:
        return self._call(
            "Array",
            self.kind(node.items),
            prefix=_listed(map(self.kind, node.prefix)),
            min_items=_given(node.min_items),
            max_items=_given(node.max_items),
            unique=literal(True) if node.unique else "",
        )

    def _union(self, node: UnionType) -> str:
        return self._call(
            "Union",
            *[self.kind(arm) for arm in node.arms],
            exclusive=literal(True) if node.exclusive else "",
            tag=_given(node.tag or None),
            tagged=_mapping(dict(self._tagged(node))) if node.tag else "",
        )

    def _tagged(self, node: UnionType) -> Iterable[tuple[str, str]]:
        for index, arm in enumerate(node.arms):
            fields = self._model.objects[arm.key].fields if isinstance(arm, ObjectRef) else ()
            for field in fields:
                if field.wire == node.tag and isinstance(field.type, EnumType):
                    yield str(field.type.values[0]), literal(index)

    def _object(self, node: ObjectRef) -> str:
        item = self._model.objects[node.key]
        if item.key in self._classes:
            nested = self._call("Nested", f"{self.within}{item.name}")
            self.named.add(item.name)
            there = self._late or item.name in self._defined
            return nested if there else self._call("Lazy", f"lambda: {nested}")
        if node.key in self._open or self._variable(node.key) in self.shared:
            return self._shared(node.key)
        if node.key in self._large or self._depth > MAX_NESTING:
            return self._later(node.key)
        self._open.add(node.key)
        written = self._map(item)
        self._open.discard(node.key)
        if len(written) > MAX_REPEATED:
            self._large.add(node.key)
        variable = self._variable(node.key)
        if variable in self.shared:
            self.shared[variable] = written
            return self._shared(node.key)
        return written

    def _map(self, item: ObjectType) -> str:
        required = [field.wire for field in item.fields if field.required]
        declared = {field.wire: self.kind(field.type) for field in item.fields}
        plain = self._call(
            "Map",
            *([] if _is_any(item.extra) else [self.kind(item.extra)]),
            declared=_mapping(declared),
            required=literal([*required]) if required else "",
            patterns=self._patterns(item),
            min_properties=_given(item.min_properties),
            max_properties=_given(item.max_properties),
        )
        conditions = [self.condition(assertion) for assertion in item.assertions]
        return self._call("Checked", plain, *conditions) if conditions else plain

    def _shared(self, key: str) -> str:
        variable = self._variable(key)
        if variable not in self.shared:
            if key in self._model.aliases and self._depth > MAX_NESTING:
                return self._later(key)
            self.shared[variable] = ""
            if key in self._model.aliases:
                self.shared[variable] = self._at_once(self._model.aliases[key])
        return self._call("Lazy", f"lambda: {variable}")

    def _later(self, key: str) -> str:
        """A variable that `_settle` gives its expression."""
        self.shared[self._variable(key)] = ""
        self._waiting.append(key)
        return self._shared(key)

    def _variable(self, key: str) -> str:
        lead = "_SHARED_" if self._private else "SHARED_"
        return self._variables.of((key,), lead + constant_name("_".join(words(key))))

    def _call(self, name: str, *arguments: str, **named: str) -> str:
        given = [*arguments, *(f"{key}={value}" for key, value in named.items() if value)]
        module = "_bounded" if given and name in _BOUNDED else _module(name)
        return f"{module}.{name}({', '.join(given)})"


def python_pattern(pattern: str) -> str:
    """The source of a pattern that is run: a model that is `checkable` has no other."""
    found = examine(pattern)
    assert isinstance(found, Checked), found
    return found.source


_ELSEWHERE = {
    "Array": "_nesting",
    "Date": "_formats",
    "Lazy": "_nesting",
    "Text": "_native",
    "Value": "_native",
    "Nullable": "_nesting",
    "Union": "_unions",
}
_BOUNDED = frozenset({"Integer", "Map", "Number", "String"})
"""What has a kind of its own where anything is said of it."""
_CONDITIONS = frozenset(
    "AllOf AnyOf Checked Contains If IfType Keys Not OneOf RestOfItems RestOfKeys Seen Size "
    "Together When Without".split()
)


def _module(name: str) -> str:
    if name in _CONDITIONS:
        return "_conditions"
    return _ELSEWHERE.get(name, "_t")


def _is_any(node: Type) -> bool:
    return isinstance(node, AnyType) and not node.assertions


def _given(value: Json) -> str:
    return "" if value is None else literal(value)


def _listed(expressions: Iterable[str]) -> str:
    listed = ", ".join(expressions)
    return f"[{listed}]" if listed else ""


def _mapping(entries: dict[str, str]) -> str:
    pairs = ", ".join(f"{literal(key)}: {value}" for key, value in entries.items())
    return f"{{{pairs}}}" if entries else ""
