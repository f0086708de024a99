"""The methods of a builder, compiled from its shape when they are first used.

What dataclasses and attrs do, and for their reason: a constructor that checks each argument where
it stands is several times as fast as one that goes through a list of what to check. The source
has no text of the document in it but the names of attributes, which are identifiers; all else
(keys, kinds, defaults) are values that it refers to. Tracebacks and debuggers show it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kinds.base import MISSING, Code, Piece, wrong
from ..values.frozen import DEEPEST, EMPTY, same, set_values
from ..values.jsontext import ascii_text
from ..values.problems import Path
from .shapes import Constant, Member, Shape, refuse_undeclared


def constructor(shape: Shape) -> Callable[..., Any]:
    """`__init__`: an argument is looked at closely only where its class does not settle it."""
    code = Code()
    given: list[str] = ["*"] if shape.names else []
    code.add(1, "Problems = ()")  # the usual call makes no list
    for member in shape.members:
        own = member.default is MISSING
        given.append(member.name if own else f"{member.name}={_default(member, code)}")
        path = code.use((member.wire,), "Path")
        _look(
            _doubt(member, code),
            member.kind.look(member.name, path, code, False),
            code,
        )
    if shape.extra is not None:
        empty, kind = code.use(EMPTY, "Empty"), code.use(shape.extra, "Kind")
        given.append(f"extra={empty}")
        check = f"{code.use(shape.check_extra, 'Extra')}({kind}, extra, Problems)"
        _look(f"extra is not {empty}", [f"extra = {check}"], code)
    code.add(1, f"if Problems: {code.use(shape.fail, 'Fail')}(Problems)")
    code.add(1, f"{code.use(set_values, 'Set')}(self, {_targets(shape)})")
    if shape.defaulting:
        code.add(1, f"{code.use(shape.set_omitted, 'Omit')}(self, ())")
    if shape.conditions:
        code.add(1, f"{code.use(shape.finish, 'Finish')}(self)")
    function = code.made(shape.builder, "__init__", ", ".join(["self", *given]))
    function.__annotations__ = dict(shape.builder.__constructor__.__annotations__)
    return function


def _look(doubt: str, lines: list[str], code: Code) -> None:
    code.add_if(doubt, ["Problems = Problems or []", *lines], 1)


def _default(member: Member, code: Code) -> str:
    return "None" if member.default is None else code.use(member.default, "Default")


def _doubt(member: Member, code: Code) -> str:
    """The condition under which an argument must be looked at closely; "": always."""
    doubt = member.kind.doubt(member.name, code)
    if member.required or member.filled_in:
        return doubt
    given = f"{member.name} is not {_default(member, code)}"
    return f"{given} and ({doubt})" if doubt else given


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


def reading(shape: Shape) -> Callable[..., Any]:
    """`Shape.read`. Whether a dict is unusual is known before a value is looked at: each value is
    looked at once, however deep they nest."""
    code = Code()
    plain, size = code.use(dict, "Dict"), code.use(len, "Len")
    other = f"return {code.use(shape.read_other, 'Other')}(Data, Path, Into)"
    code.add(1, f"if Type(Data) is not {plain} or {size}(Path) > {DEEPEST}: {other}")
    _find(shape, code)
    code.add(1, f"Problems, extra = [], {code.use(EMPTY, 'Empty')}")
    code.add(1, f"if {size}(Data) != Known:", "    extra = {}")
    code.add(2, "for Key, Value in Data.items():")
    code.add(3, f"if Key not in {code.use(shape.declared, 'Keys')}:")
    # It may be a declared one in disguise.
    code.add(4, f"if Type(Key) is not {code.use(str, 'Str')}: {other}")
    code.add(4, "extra[Key] = Value")
    code.add(1, *(["Omitted = []"] if shape.defaulting else []))
    for index, constant in enumerate(shape.constants):
        _read_constant(constant, f"Got{index}", code)
    for member in shape.members:
        _read_member(member, shape, code)
    refuse = f"{code.use(refuse_undeclared, 'Refuse')}(extra, Path, Problems)"
    look = shape.extra.look("extra", "Path", code, True) if shape.extra else [refuse]
    code.add_if("extra", look, 1)
    code.add(1, f"if Problems: {code.use(shape.fail, 'Fail')}(Problems)")
    code.add(1, f"Made = {code.use(object.__new__, 'New')}(Into)")
    code.add(1, f"{code.use(set_values, 'Set')}(Made, {_targets(shape)})")
    if shape.defaulting:
        code.add(1, f"{code.use(shape.set_omitted, 'Omit')}(Made, Omitted)")
    if shape.conditions:
        code.add(1, f"{code.use(shape.finish, 'Finish')}(Made, Path)")
    code.add(1, "return Made")
    return code.made(shape.builder, "read", "Data, Path, Into")


def when_read(shape: Shape) -> Callable[..., Any]:
    """`Shape.read` until it is compiled."""

    def read(data: Any, path: Path, into: Any) -> Any:
        shape.read = reading(shape)
        return shape.read(data, path, into)

    return read


def _find(shape: Shape, code: Code) -> None:
    """Fetch what must be there, and count the keys that are declared."""
    always: dict[str, Constant | Member]
    always = {f"Got{index}": each for index, each in enumerate(shape.constants)}
    always |= {member.name: member for member in shape.members if member.required}
    keys = {name: code.use(part.wire, "Key") for name, part in always.items()}
    optional = [
        code.use(each.wire, "Key") for each in shape.members if not each.required
    ]
    counted = "".join(f" + ({key} in Data)" for key in optional)
    code.add(1, f"Known = {len(keys)}{counted}")
    if keys:
        missing = code.use(MISSING, "Missing")
        code.add(
            1, "try:", *(f"    {name} = Data[{key}]" for name, key in keys.items())
        )
        code.add(1, f"except {code.use(KeyError, 'Absent')}:", "    Known = -1")
        code.add(
            2, *(f"{name} = Data.get({key}, {missing})" for name, key in keys.items())
        )


def _read_constant(constant: Constant, got: str, code: Code) -> None:
    value, step = (
        code.use(constant.value, "Constant"),
        code.use((constant.wire,), "Step"),
    )
    other = f"not {code.use(same, 'Same')}({got}, {value})"
    if constant.value.__class__ is str:
        other = f"Type({got}) is not {code.use(str, 'Str')} or {got} != {value}"
    words = code.use(repr(constant.value), "Expected")
    report = f"{code.use(wrong, 'Report')}({words}, {got}, Path + {step}, Problems)"
    code.add_if(other, [report], 1)


def _read_member(member: Member, shape: Shape, code: Code) -> None:
    name, key = member.name, code.use(member.wire, "Key")
    path = f"Path + {code.use((member.wire,), 'Step')}"
    lines = member.kind.look(name, path, code, True)
    doubt = member.kind.doubt(name, code)
    if member.required:
        report = (
            f"{code.use(shape.report_missing, 'Report')}({code.use(member, 'Member')}"
        )
        missing = f"if {name} is {code.use(MISSING, 'Missing')}: {report}, Data, Path, Problems)"
        code.add_if(doubt, [missing, "else:", *(f"    {line}" for line in lines)], 1)
        return
    code.add(1, f"if {key} in Data:", f"    {name} = Data[{key}]")
    code.add_if(doubt, lines, 2)
    code.add(1, "else:", f"    {name} = {_default(member, code)}")
    code.add(2, *([f"Omitted.append({key})"] if shape.defaulting else []))
