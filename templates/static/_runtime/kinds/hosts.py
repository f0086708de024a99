"""Host names, international ones (RFC 5891 to 5893) as far as Unicode data tells; mailboxes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from .formats import is_ipv4, is_ipv6, matches
from .scalars import Format

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE | re.ASCII)
_CATEGORIES = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})
# RFC 5892, 2.6: exceptions to what the categories say.
_ALLOWED = frozenset(
    "-\u00b7\u00df\u0375\u03c2\u05f3\u05f4\u06fd\u06fe\u0f0b\u3007\u30fb\u200c\u200d"
)
_REFUSED = frozenset("\u0640\u07fa\u302e\u302f\u3031\u3032\u3033\u3034\u3035\u303b")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")


def is_hostname(text: str) -> bool:
    """Whether every label is one of ASCII; those that begin with `xn--` stand for Unicode."""
    labels = text.split(".")
    return len(text) <= 253 and all(map(_is_ascii_label, labels))


def is_international_hostname(text: str) -> bool:
    """The same with labels of Unicode beside those of ASCII."""
    labels = _DOTS.split(text)
    lengths = [_length(label) for label in labels]
    short = (
        all(0 < length <= 63 for length in lengths)
        and sum(lengths) + len(labels) <= 254
    )
    return short and all(
        _is_ascii_label(label) if label.isascii() else _is_unicode_label(label)
        for label in labels
    )


def _length(label: str) -> int:
    """Of the label in ASCII."""
    return (
        len(label) if label.isascii() else 4 + len(label.encode("punycode", "replace"))
    )


def _is_ascii_label(label: str) -> bool:
    if _LABEL.fullmatch(label) is None:
        return False
    if label[2:4] != "--":
        return True
    if label[:4].lower() != "xn--":
        return False
    try:
        decoded = label[4:].lower().encode("ascii").decode("punycode")
        again = decoded.encode("punycode").decode("ascii")
    except (UnicodeError, ValueError, OverflowError):
        return False
    return (
        again == label[4:].lower()
        and not decoded.isascii()
        and _is_unicode_label(decoded)
    )


def _is_unicode_label(label: str) -> bool:
    if unicodedata.normalize("NFC", label) != label or label[2:4] == "--":
        return False
    if "-" in (label[0], label[-1]) or unicodedata.category(label[0])[0] == "M":
        return False
    kinds = all(map(_is_allowed, label))
    return (
        kinds
        and all(_fits(label, index) for index in range(len(label)))
        and _is_bidi(label)
    )


def _is_allowed(character: str) -> bool:
    if character in _ALLOWED or character in _REFUSED:
        return character in _ALLOWED
    # What has another form, such as a capital or a letter of double width, is not one of its own.
    folded = unicodedata.normalize(
        "NFKC", unicodedata.normalize("NFKC", character).casefold()
    )
    return folded == character and unicodedata.category(character) in _CATEGORIES


def _fits(label: str, index: int) -> bool:
    """Whether a character that depends on its neighbours has them (RFC 5892, appendix A)."""
    character, before, after = label[index], label[:index], label[index + 1 :]
    match character:
        case "\u200c" if _joins(before[-1:]) and _joins(after[:1]):
            return True
        case "\u200c" | "\u200d":
            return bool(before) and unicodedata.combining(before[-1]) == 9  # a virama
        case "\u00b7":
            return before[-1:] == "l" and after[:1] == "l"
        case "\u0375":
            return _is_of("GREEK", after[:1])
        case "\u05f3" | "\u05f4":
            return _is_of("HEBREW", before[-1:])
        case "\u30fb":
            return any(
                _is_of(script, each) and each != character
                for each in label
                for script in ("HIRAGANA", "KATAKANA", "CJK UNIFIED", "IDEOGRAPHIC")
            )
        case _:
            return _has_digits_of_one_kind(label, character)


def _has_digits_of_one_kind(label: str, character: str) -> bool:
    """Arabic-Indic digits are of two kinds, one to a label."""
    arabic, extended = (
        "\u0660" <= character <= "\u0669",
        "\u06f0" <= character <= "\u06f9",
    )
    others = "\u06f0\u06f9" if arabic else "\u0660\u0669"
    mixed = any(others[0] <= each <= others[1] for each in label)
    return not ((arabic or extended) and mixed)


def _joins(character: str) -> bool:
    """Whether it is of a script whose letters join. Python does not say which of them do."""
    return bool(character) and unicodedata.bidirectional(character) == "AL"


def _is_of(script: str, character: str) -> bool:
    return bool(character) and unicodedata.name(character, "").startswith(script)


def _is_bidi(label: str) -> bool:
    """Whether a label with letters from right to left keeps the rule of RFC 5893, section 2."""
    kinds = [unicodedata.bidirectional(character) for character in label]
    if not {"R", "AL", "AN"} & {*kinds}:
        return True
    last = next((kind for kind in reversed(kinds) if kind != "NSM"), "")
    if kinds[0] in ("R", "AL"):
        allowed = {"R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
        digits = not {"EN", "AN"} <= {*kinds}
        return {*kinds} <= allowed and last in ("R", "AL", "EN", "AN") and digits
    return False


_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_is_local = matches(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*|{_QUOTED}"
)
# RFC 6531 adds all characters beyond ASCII.
_WIDE = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_is_wide_local = matches(
    rf'{_WIDE}(?:\.{_WIDE})*|"(?:[ !#-\[\]-~\x80-\U0010ffff]|\\[ -~])*"'
)


def _mailbox(
    is_local: Callable[[str], bool], is_domain: Callable[[str], bool]
) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        local, at, domain = text.rpartition("@")
        literal = domain[1:-1] if domain[:1] == "[" and domain[-1:] == "]" else ""
        if literal[:5].lower() == "ipv6:":
            found = is_ipv6(literal[5:])
        else:
            found = is_ipv4(literal) if literal else is_domain(domain)
        return bool(at) and found and is_local(local)

    return check


HOSTNAME: Format = "a host name", is_hostname
IDN_HOSTNAME: Format = "a host name", is_international_hostname
EMAIL: Format = "an e-mail address", _mailbox(_is_local, is_hostname)
IDN_EMAIL: Format = (
    "an e-mail address",
    _mailbox(_is_wide_local, is_international_hostname),
)
