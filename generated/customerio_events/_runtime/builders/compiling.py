"""The methods of a builder, compiled from its shape when they are first used.

What dataclasses and attrs do, and for their reason: a constructor that checks each argument where
it stands is several times as fast as one that goes through a list of what to check. The source
has no text of the document in it but the names of attributes, which are identifiers; all else
(keys, kinds, defaults) are values that it refers to. Tracebacks and debuggers show it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kinds.base import MISSING, Code, Piece
from ..values.frozen import DEEPEST, EMPTY, same, set_values
from ..values.jsontext import ascii_text
from ..values.problems import Path
from .shapes import Constant, Member, Shape


def constructor(shape: Shape) -> Callable[..., None]:
    """`__init__`: an argument is looked at closely only where its class does not settle it."""
    code = Code()
    looks = [(_doubt(member, code), _look(member, code)) for member in shape.members]
    given = [_argument(member, code) for member in shape.members]
    if shape.extra is not None:
        empty = code.use(EMPTY, "Empty")
        check = code.use(shape.check_extra, "Extra")
        looks.append((f"extra is not {empty}", [f"extra = {check}(extra, Problems)"]))
        given.append(f"extra={empty}")
    _add_looks(looks, shape, code)
    set_values_ = code.use(set_values, "Set")
    code.add(1, f"{set_values_}(self, {_targets(shape)})")
    if shape.defaulting:
        code.add(1, f"{code.use(shape.set_omitted, 'Omit')}(self, ())")
    if shape.conditions:
        code.add(1, f"{code.use(shape.finish, 'Finish')}(self)")
    function: Callable[..., None] = code.made(
        shape.builder,
        "__init__",
        ", ".join(["self", *(["*", *given] if given else ())]),
    )
    function.__annotations__ = dict(shape.builder.__constructor__.__annotations__)
    return function


def _argument(member: Member, code: Code) -> str:
    default = "" if member.default is MISSING else f"={_default(member, code)}"
    return f"{member.name}{default}"


def _default(member: Member, code: Code) -> str:
    return "None" if member.default is None else code.use(member.default, "Default")


def _doubt(member: Member, code: Code) -> str:
    """The condition under which an argument must be looked at closely; "": always."""
    doubt = member.kind.doubt(member.name, code)
    if member.required or member.filled_in:
        return doubt
    given = f"{member.name} is not {_default(member, code)}"
    return f"{given} and ({doubt})" if doubt else given


def _look(member: Member, code: Code) -> list[str]:
    path = code.use((member.wire,), "Path")
    return member.kind.look(member.name, path, code, False)


def _add_looks(looks: list[tuple[str, list[str]]], shape: Shape, code: Code) -> None:
    """All doubts in one condition first, so that the usual call makes no list of problems."""
    settled = all(doubt for doubt, _ in looks)
    indent = 2 if settled else 1
    if settled and looks:
        code.add(1, f"if {' or '.join(f'({doubt})' for doubt, _ in looks)}:")
    if looks:
        code.add(indent, "Problems = []")
        for doubt, lines in looks:
            code.add_if(doubt, lines, indent)
        code.add(indent, f"if Problems: {code.use(shape.fail, 'Fail')}(Problems)")


def json_text(shape: Shape) -> Callable[[Any], str]:
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
        code.add(1, f'if extra: Text += "," + {expression}[1:-1]')
    code.add(1, 'return Text + "}"' if always else 'return "{" + Text[1:] + "}"')
    function: Callable[[Any], str] = code.made(shape.builder, "to_json_text", "self")
    return function


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


def plain(shape: Shape) -> Callable[[Any], dict[str, Any]]:
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
    function: Callable[[Any], dict[str, Any]] = code.made(
        shape.builder, "to_dict", "self"
    )
    return function


def reading(shape: Shape) -> Callable[[Any, Path, Any], Any]:
    """`read_quickly`: from a dict with nothing unusual about it, else None.

    That is known before any value is looked at: each is looked at once, however deep they nest.
    """
    code = Code()
    size, missing = code.use(len, "Len"), code.use(MISSING, "Missing")
    usual = f"Type(Data) is {code.use(dict, 'Dict')} and {size}(Path) < {DEEPEST}"
    code.add(1, f"if not ({usual}): return None")
    code.add(1, f"Problems, Known = [], {len(shape.parts)}")
    code.add(1, *(["Omitted = []"] if shape.defaulting else []))
    for constant in shape.constants:
        _find_constant(constant, code)
    for member in shape.members:
        key, name = code.use(member.wire, "Key"), member.name
        rest = "return None" if member.required else "Known -= 1"
        code.add(1, f"{name} = Data.get({key}, {missing})")
        code.add(1, f"if {name} is {missing}: {rest}")
    _find_extra(shape, code, f"{size}(Data)")
    for member in shape.members:
        _read_member(member, shape, code)
    if shape.extra is not None:
        given = f"extra is not {code.use(EMPTY, 'Empty')}"
        code.add_if(given, shape.extra.look("extra", "Path", code, True), 1)
    code.add(1, f"if Problems: {code.use(shape.fail, 'Fail')}(Problems)")
    code.add(1, f"Made = {code.use(object.__new__, 'New')}(Into)")
    code.add(1, f"{code.use(set_values, 'Set')}(Made, {_targets(shape)})")
    if shape.defaulting:
        code.add(1, f"{code.use(shape.set_omitted, 'Omit')}(Made, Omitted)")
    if shape.conditions:
        code.add(1, f"{code.use(shape.finish, 'Finish')}(Made, Path)")
    code.add(1, "return Made")
    function: Callable[[Any, Path, Any], Any]
    function = code.made(shape.builder, "read_quickly", "Data, Path, Into")
    return function


def when_read(shape: Shape) -> Callable[[Any, Path, Any], Any]:
    """`read_quickly` until it is compiled."""

    def read(data: Any, path: Path, into: Any) -> Any:
        shape.read_quickly = reading(shape)
        return shape.read_quickly(data, path, into)

    return read


def _find_constant(constant: Constant, code: Code) -> None:
    value = code.use(constant.value, "Constant")
    got = f"Data.get({code.use(constant.wire, 'Key')}, {code.use(MISSING, 'Missing')})"
    if constant.value.__class__ is str:
        code.add(1, f"Got = {got}")
        other = f"Type(Got) is not {code.use(str, 'Str')} or Got != {value}"
    else:
        other = f"not {code.use(same, 'Same')}({got}, {value})"
    code.add(1, f"if {other}: return None")


def _find_extra(shape: Shape, code: Code, size: str) -> None:
    """A key that is no plain text may be a declared one in disguise."""
    if shape.extra is None:
        code.add(1, f"if {size} != Known: return None")
        return
    string, declared = code.use(str, "Str"), code.use(shape.declared, "Keys")
    code.add(1, f"extra = {code.use(EMPTY, 'Empty')}", f"if {size} != Known:")
    code.add(2, f"extra = {{K: V for K, V in Data.items() if K not in {declared}}}")
    code.add(2, "for K in extra:", f"    if Type(K) is not {string}: return None")


def _read_member(member: Member, shape: Shape, code: Code) -> None:
    name, key = member.name, code.use(member.wire, "Key")
    lines = member.kind.look(name, f"(*Path, {key})", code, True)
    doubt = member.kind.doubt(name, code)
    if member.required:
        code.add_if(doubt, lines, 1)
        return
    code.add(1, f"if {name} is {code.use(MISSING, 'Missing')}:")
    code.add(2, f"{name} = {_default(member, code)}")
    code.add(2, *([f"Omitted.append({key})"] if shape.defaulting else []))
    code.add(1, f"elif {doubt}:" if doubt else "else:")
    code.add(2, *lines)
