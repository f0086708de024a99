"""The methods of a builder, compiled from its shape when they are first used.

What dataclasses and attrs do, and for their reason: a constructor that checks each argument where
it stands is several times as fast as one that goes through a list of what to check. The source
has no text of the document in it but the names of attributes, which are identifiers; all else
(keys, kinds, defaults) are values that it refers to. Tracebacks and debuggers show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..kinds.base import ANSWER, JSON, MISSING, Code, Kind, Piece, accepts
from ..values.frozen import DEEPEST
from ..values.jsontext import ascii_text
from ..values.problems import Path
from .shapes import Constant, Member, Shape


def constructor(shape: Shape) -> Callable[..., Any]:
    """`__init__`: an argument is looked at closely only where its class does not settle it."""
    declared = shape.builder.__constructor__
    code = Code(_named(declared), Own=shape, Disjoint=shape.declared.isdisjoint)
    arguments = ["self", *(["*"] if shape.names else [])]
    looks: list[tuple[str, list[str]]] = []
    for member in shape.members:
        name, default = member.name, _default(member, code)
        arguments.append(f"{name}={default}" if default else name)
        doubt = member.kind.doubt(name, code)
        if not (member.required or member.filled_in):
            given = f"{name} is not {default}"
            doubt = f"{given} and ({doubt})" if doubt else given
        path = code.use((member.wire,), "Path")
        looks.append((doubt, member.kind.look(name, path, code, False)))
    if shape.extra is not None:
        arguments.append("extra=Empty")
        looks.append(("extra is not Empty", _look_at_extra(shape.extra, code)))
    _add_looks(looks, code)
    _add_end(shape, "self", "()", "()", code)
    function = code.made(shape.builder, "__init__", ", ".join(arguments))
    function.__annotations__ = dict(declared.__annotations__)
    return function


def _named(function: Any) -> dict[str, Any]:
    """What annotations name, for those who evaluate them."""
    words = re.findall(r"\w+", " ".join(function.__annotations__.values()))
    found = function.__globals__
    return {word: found[word] for word in words if word in found}


def _look_at_extra(kind: Kind, code: Code) -> list[str]:
    other = f"Own.check_extra({code.use(kind, 'Extra')}, extra, Problems)"
    look = kind.look("extra", "()", code, False)
    return [
        "Given, Before = extra, Len(Problems)",
        f"if Type(extra) is not Dict: extra = {other}",
        *("else:", *(f"    {line}" for line in look)),
        "if extra and not Disjoint(extra):",
        "    Own.refuse_declared(Given, Before, Problems)",
    ]


def _add_looks(looks: list[tuple[str, list[str]]], code: Code) -> None:
    """All doubts in one condition first, so that the usual call makes no list of problems."""
    settled = all(doubt for doubt, _ in looks)
    doubts = " or ".join(f"({doubt})" for doubt, _ in looks) if settled else "True"
    if looks:
        code.add(1, f"if {doubts}:", "    Problems = []")
        for doubt, lines in looks:
            code.add_if(doubt, lines, 2)
        code.add(2, "if Problems: Own.fail(Problems)")


def _default(member: Member, code: Code) -> str:
    """What the attribute holds while its key is absent; "" when it must not be."""
    if member.default is MISSING:
        return ""
    return "None" if member.default is None else code.use(member.default, "Default")


def _add_end(shape: Shape, made: str, omitted: str, path: str, code: Code) -> None:
    """`path`: the expression for what leads to the object, whose conditions are then met."""
    code.add(1, f"Set({made}, {_targets(shape)})")
    if shape.defaulting:
        code.add(1, f"Own.set_omitted({made}, {omitted})")
    if shape.conditions and path:
        code.add(1, f"Own.finish({made}, {path})")


def json_text(shape: Shape) -> Callable[..., Any]:
    """`to_json_text`: one f-string for what is always written, one for each other key."""
    code = _unpacking(shape)
    always: list[Piece] = []
    sometimes: list[str] = []
    for part in shape.parts:
        key = f"{ascii_text(part.wire)}:"
        if isinstance(part, Constant):
            always.append((f",{key}{ascii_text(part.value)}", "", ""))
            continue
        before, expression, after = part.kind.text(part.name, code)
        piece = (f",{key}{before}", expression, after)
        if part.required:
            always.append(piece)
        else:
            text = _fstring([piece], code)
            sometimes.append(f"if {_is_written(part, code)}: Text += {text}")
    if always:
        always[0] = ("{" + always[0][0][1:], *always[0][1:])
    code.add(1, f"Text = {_fstring(always, code)}", *sometimes)
    if shape.extra is not None:
        _, expression, _ = shape.extra.text("extra", code)
        code.add(1, f'if extra: Text += "," + {expression}')
    code.add(1, 'return Text + "}"' if always else 'return "{" + Text[1:] + "}"')
    return code.made(shape.builder, "to_json_text", "self")


def _unpacking(shape: Shape) -> Code:
    code = Code()
    if shape.names:
        code.add(1, f"{_targets(shape)} = self.__values__")
    return code


def _targets(shape: Shape) -> str:
    return f"({', '.join(shape.names)}{',' if len(shape.names) == 1 else ''})"


def _is_written(member: Member, code: Code) -> str:
    if member.filled_in:
        return f"{code.use(member.wire, 'Key')} not in self.omitted"
    return f"{member.name} is not {_default(member, code)}"


def _fstring(pieces: list[Piece], code: Code) -> str:
    """An f-string of texts, which it refers to, and expressions between them."""
    source = text = ""
    for before, expression, after in pieces:
        text += before
        if expression:
            source += _reference(text, code) + f"{{{expression}}}"
            text = ""
        text += after
    return f'f"{source}{_reference(text, code)}"'


def _reference(text: str, code: Code) -> str:
    return f"{{{code.use(text, 'Text')}}}" if text else ""


def plain(shape: Shape) -> Callable[..., Any]:
    """`to_dict`: a dict of what is always there, then each other key."""
    code = _unpacking(shape)
    always: list[str] = []
    sometimes: list[str] = []
    for part in shape.parts:
        key = code.use(part.wire, "Key")
        if isinstance(part, Constant):
            always.append(f"{key}: {code.use(part.value, 'Constant')}")
        elif part.required:
            always.append(f"{key}: {part.kind.plain(part.name, code)}")
        else:
            value = part.kind.plain(part.name, code)
            sometimes.append(f"if {_is_written(part, code)}: Data[{key}] = {value}")
    code.add(1, f"Data = {{{', '.join(always)}}}", *sometimes)
    if shape.extra is not None:
        code.add(1, f"if extra: Data.update({shape.extra.plain('extra', code)})")
    code.add(1, "return Data")
    return code.made(shape.builder, "to_dict", "self")


def reading(shape: Shape, wire: int) -> Callable[..., Any]:
    """`Shape.read`, or `Shape.receive` for an answer.

    Whether a dict is unusual is known before a value is looked at: each is looked at once, however
    deep they nest.
    """
    code = Code(Own=shape, Declared=shape.declared)
    name = "receive" if wire == ANSWER else "read"
    other = f"return Own.read_other(Own.{name}, Data, Path, Into)"
    code.add(1, f"if Type(Data) is not Dict or Len(Path) > {DEEPEST}: {other}")
    _find(shape, code)
    code.add(1, "Problems, extra = [], Empty")
    code.add(1, *(["Omitted = []"] if shape.defaulting else []))
    code.add(1, "if Len(Data) != Known:", "    extra = {}")
    code.add(2, "for Key in Data:", "    if Key not in Declared:")
    # It may be a declared one in disguise.
    code.add(4, f"if Type(Key) is not Str: {other}", "extra[Key] = Data[Key]")
    for index, constant in enumerate(shape.constants):
        _read_constant(constant, f"Got{index}", code)
    for member in shape.members:
        _read_member(member, shape, code, wire)
    look = ["Own.refuse(extra, Path, Problems)"]
    if shape.extra is not None:
        look = shape.extra.look("extra", "Path", code, wire)
    code.add_if("extra", look, 1)
    code.add(1, "if Problems: Own.fail(Problems)", "Made = New(Into)")
    _add_end(shape, "Made", "Omitted", "" if wire == ANSWER else "Path", code)
    code.add(1, "return Made")
    return code.made(shape.builder, name, "Data, Path, Into")


def first_read(shape: Shape, data: Any, path: Path, into: Any) -> Any:
    """`Shape.read` until it is compiled."""
    shape.read = reading(shape, JSON)
    return shape.read(data, path, into)


def first_receive(shape: Shape, data: Any, path: Path, into: Any) -> Any:
    """`Shape.receive` until it is compiled."""
    shape.receive = reading(shape, ANSWER)
    return shape.receive(data, path, into)


def _find(shape: Shape, code: Code) -> None:
    """Fetch what must be there, and count the keys that are declared."""
    found = {f"Got{i}": each.wire for i, each in enumerate(shape.constants)}
    found.update((each.name, each.wire) for each in shape.members if each.required)
    keys = {name: code.use(wire, "Key") for name, wire in found.items()}
    optional = [each.wire for each in shape.members if not each.required]
    counted = [f" + ({code.use(wire, 'Key')} in Data)" for wire in optional]
    code.add(1, f"Known = {len(keys)}{''.join(counted)}")
    if keys:
        code.add(1, "try:", *(f"    {name} = Data[{keys[name]}]" for name in keys))
        code.add(1, f"except {code.use(KeyError, 'Absent')}:", "    Known = -1")
        code.add(2, *(f"{name} = Data.get({keys[name]}, Missing)" for name in keys))


def _read_constant(constant: Constant, got: str, code: Code) -> None:
    value, words = constant.value, code.use(repr(constant.value), "Expected")
    path = f"Path + {code.use((constant.wire,), 'Step')}"
    other = f"not Same({got}, {code.use(value, 'Constant')})"
    if value.__class__ is str:
        other = f"Type({got}) is not Str or {got} != {code.use(value, 'Constant')}"
    code.add_if(other, [f"Report({words}, {got}, {path}, Problems)"], 1)


def _read_member(member: Member, shape: Shape, code: Code, wire: int) -> None:
    name, key = member.name, code.use(member.wire, "Key")
    path = f"Path + {code.use((member.wire,), 'Step')}"
    look = member.kind.look(name, path, code, wire)
    doubt = member.kind.doubt(name, code)
    if member.required:
        missing = f"({code.use(member, 'Member')}, Data, Path, Problems)"
        missing = f"if {name} is Missing: Own.report_missing{missing}"
        code.add_if(doubt, [missing, "else:", *(f"    {line}" for line in look)], 1)
    else:
        there = f"{key} in Data"
        if wire == ANSWER and not accepts(member.kind, None):
            there = f"Data.get({key}) is not None"  # null is often said for what is not there
        code.add(1, f"if {there}:", f"    {name} = Data[{key}]")
        code.add_if(doubt, look, 2)
        code.add(1, "else:", f"    {name} = {_default(member, code)}")
        code.add(2, *([f"Omitted.append({key})"] if shape.defaulting else []))


METHODS: Mapping[str, Callable[[Shape], Callable[..., Any]]] = {
    "__init__": constructor,
    "to_dict": plain,
    "to_json_text": json_text,
}
"""What makes each method of a class."""
