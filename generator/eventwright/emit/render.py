"""Views and templates -> {relative path: text}. No disk but for reading the built-in templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics.diagnostic import Collector, TemplateError
from ..python.formatting import format_any, format_source
from .templatefaults import failed, malformed, named, no_python
from .templates import Override, built_in, overridden
from .tracing import Traced, TracingEnvironment, traced


class Renderer:
    """Renders the templates; `overrides`: the project's own, in place of those of their names."""

    def __init__(self, overrides: Mapping[str, Override]) -> None:
        """Raises TemplateError with all that is wrong with the overrides by themselves."""
        self._overrides = overrides
        self._environment = overridden(overrides) if overrides else built_in()
        self._own: dict[str, list[Override]] = {}
        faults = Collector()
        faults.add(*malformed(self._environment, overrides))
        faults.check(TemplateError)

    def render(self, module: str, template: str, context: Mapping[str, Any]) -> str:
        """A module of that path, not formatted yet, but Python. Raises TemplateError."""
        own = self._reached(template)
        if not own:
            return built_in().get_template(template).render(**context)
        try:
            text = self._environment.get_template(template).render(**context)
        except Exception as error:
            raise TemplateError([failed(error, own)]) from None

        def where(line: int, column: int) -> Traced:
            again = overridden(self._overrides, TracingEnvironment).get_template(template)
            try:
                return traced(again, context, line, column)
            except Exception:  # a template that looks at what others wrote meets the marks
                return Traced()

        fault = no_python(text, module, own, where)
        if fault:
            raise TemplateError([fault])
        return text

    def formatted(self, template: str, text: str) -> str:
        """What was rendered, as Black writes it."""
        return format_any(text) if self._reached(template) else format_source(text)

    def _reached(self, template: str) -> list[Override]:
        """The overrides that a template is rendered with, itself among them."""
        if template not in self._own:
            self._own[template] = self._found(template)
        return self._own[template]

    def _found(self, template: str) -> list[Override]:
        waiting, seen = [template], dict[str, None]()
        while waiting and self._overrides:
            name = waiting.pop()
            if name in seen:
                continue
            seen[name] = None
            assert self._environment.loader is not None
            source, _, _ = self._environment.loader.get_source(self._environment, name)
            for _, other in named(self._environment.parse(source)):
                # One that is known when it is rendered may be any.
                waiting += [other] if other is not None else self._overrides
        return [self._overrides[name] for name in seen if name in self._overrides]
