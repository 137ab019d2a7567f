"""The reference in docs/api.md, made from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

HEAD = "## Reference\n"


def reference(document: Mapping[str, Any]) -> str:
    """Every address by subject, then every shape, as Markdown."""
    lines = [HEAD, "Made from the OpenAPI document by `scripts/api_page.py`.", ""]
    by_subject: dict[str, list[str]] = {}
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            by_subject.setdefault(operation["tags"][0], []).extend(_operation(address, method, operation))
    for subject, parts in by_subject.items():
        lines += [f"### {subject}", "", *parts]
    lines += ["### Shapes", ""]
    for name, shape in sorted(document["components"]["schemas"].items()):
        lines += _shape(name, shape)
    return "\n".join(lines).rstrip() + "\n"


def _operation(address: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"**`{method.upper()} {address.removeprefix('/api/v1')}`** {operation['summary']}"
    if operation.get("description"):
        yield ""
        yield " ".join(operation["description"].split())
    yield ""
    asked = [_field(one["name"], one["schema"], one["required"]) for one in operation.get("parameters", [])
             if one["in"] == "query"]  # fmt: skip
    if asked:
        yield f"- asks: {', '.join(asked)}"
    if "requestBody" in operation:
        yield f"- takes: {_type(operation['requestBody']['content']['application/json']['schema'])}"
    status, answer = next((code, one) for code, one in operation["responses"].items() if str(code).startswith("2"))
    yield f"- answers {status}: {_type(answer['content']['application/json']['schema'])}"
    yield ""


def _shape(name: str, shape: Mapping[str, Any]) -> Iterator[str]:
    yield f"**{name}** {' '.join(shape.get('description', '').split())}".rstrip()
    yield ""
    needed = shape.get("required", ())
    fields = shape.get("properties", {})
    yield ", ".join(_field(key, one, key in needed) for key, one in fields.items())
    yield ""


def _field(name: str, schema: Mapping[str, Any], needed: bool) -> str:
    """`due`: day. What may be left out is followed by a question mark."""
    return f"`{name}`{'' if needed else '?'} {_type(schema)}"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        kinds = [_type(one) for one in schema["anyOf"]]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return " \\| ".join(f"`{one}`" for one in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if schema.get("type") == "object":
        return "object"
    named = {"date": "date", "time": "time", "date-time": "moment"}
    return named.get(schema.get("format", ""), str(schema.get("type", "any value")))
