"""What does not fit the shape of a file, as sentences with places."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from webapp.domain.refusal import Refused, RefusedMany
from webapp.domain.written_yaml import LONGEST_SHOWN, Mark, Path, Written

MOST_SHOWN = 100

# Sentences without a value of their own, by the code of the fault; each fault gets its own copy.
EXPECTED = {
    "model_type": Refused("A mapping (key: value) is expected here."),
    "dict_type": Refused("A mapping (key: value) is expected here."),
    "tuple_type": Refused("A list is expected here."),
    "text_expected": Refused("A text is expected here."),
    "text_empty": Refused("The text is empty: write one, or leave the key out."),
    "line_expected": Refused("A text of one line is expected here."),
    "whole_expected": Refused("A whole number, without quotes, is expected here."),
    "number_expected": Refused("A number, without quotes, is expected here."),
    "flag_expected": Refused("true or false, without quotes, is expected here."),
}

Model = TypeVar("Model", bound=BaseModel)


def shaped(model: type[Model], written: Written) -> Model:
    """The file's data as `model`; RefusedMany with every fault of shape."""
    try:
        return model.model_validate(written.data)
    except ValidationError as error:
        found = [
            fault for fault in error.errors(include_url=False, include_input=False) if _stands(fault, written)
        ]
    raise many([(*_where(fault), _sentence(fault, written)) for fault in found], written)


def many(faults: Iterable[tuple[Path, bool, Refused]], written: Written) -> RefusedMany:
    """All faults (path, whether its key is meant, refusal) in the order of the file, the first hundred in full."""
    marked: list[tuple[Mark, Refused]] = []
    for path, key, refusal in faults:
        refusal.place = written.place(path, key=key)
        marked.append((written.mark(path, key=key), refusal))
    marked.sort(key=lambda pair: pair[0])
    shown = [refusal for _, refusal in marked[:MOST_SHOWN]]
    if len(marked) > MOST_SHOWN:
        shown.append(
            Refused("{count} more faults are not shown.", place=written.name, count=len(marked) - MOST_SHOWN)
        )
    return RefusedMany(shown)


def _stands(fault: Any, written: Written) -> bool:
    # A list is also called too short when entries of it do not fit: then those are reported alone.
    return fault["type"] != "too_short" or bool(len(_at(written, fault["loc"])) < fault["ctx"]["min_length"])


def _where(fault: Any) -> tuple[Path, bool]:
    """The path of the fault in the file, and whether the key is meant rather than the value."""
    location: Path = fault["loc"]
    if location[-1:] == ("[key]",):
        return location[:-1], True
    return location, fault["type"] in {"extra_forbidden", "text_empty"}


def _sentence(fault: Any, written: Written) -> Refused:  # noqa: PLR0911 - one sentence a kind of fault
    kind, context = fault["type"], fault.get("ctx", {})
    key = str(fault["loc"][-1])[:LONGEST_SHOWN] if fault["loc"] else ""
    match kind:
        case "missing":
            return Refused("The key “{key}” is missing here.", key=key)
        case "extra_forbidden":
            return Refused("The key “{key}” is unknown here.", key=key)
        case "too_short" | "too_long":
            return _length(context, len(_at(written, fault["loc"])))
        case "greater_than_equal" | "greater_than" | "less_than_equal":
            return _range(kind, context)
        case "literal_error":
            return Refused(
                "One of these is expected here: {choices}.", choices=context["expected"].replace("'", "")
            )
        case "text_long":
            return Refused("The text has more than {most} characters.", most=context["most"])
        case "key_expected":
            return Refused(
                "“{written}” is no key: up to {most} letters, digits, dots, hyphens and underscores.",
                written=context["written"],
                most=context["most"],
            )
        case "language_expected":
            return Refused(
                "“{written}” is no code of a language, such as en or pt-BR.", written=context["written"]
            )
        case _:
            return Refused(EXPECTED[kind].message)


def _at(written: Written, location: Path) -> Any:
    value: Any = written.data
    for step in location:
        value = value[step]
    return value


def _length(context: dict[str, Any], count: int) -> Refused:
    least, most = context.get("min_length"), context.get("max_length")
    if least == 1:
        return Refused("The list is empty.")
    return Refused(
        "Exactly {wanted} entries are expected here, not {count}.", wanted=least or most, count=count
    )


def _range(kind: str, context: dict[str, Any]) -> Refused:
    if kind == "less_than_equal":
        return Refused("The number must be at most {most}.", most=context["le"])
    if kind == "greater_than":
        return Refused("The number must be more than {bound}.", bound=f"{context['gt']:g}")
    return Refused("The number must be at least {least}.", least=context["ge"])
