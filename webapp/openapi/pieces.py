"""The pieces that the API's document is put together from."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
FLAG: Json = {"type": "boolean"}
DAY: Json = {"type": "string", "format": "date"}
MOMENT: Json = {"type": "string", "format": "date-time"}


def text(longest: int, shortest: int = 0) -> Json:
    least = {"minLength": shortest} if shortest else {}
    return TEXT | least | {"maxLength": longest}


def whole(least: int, most: int | None = None) -> Json:
    return WHOLE | {"minimum": least} | ({} if most is None else {"maximum": most})


def one_of(*values: Any) -> Json:
    return {"enum": list(values)}


def list_of(items: Json, most: int | None = None, least: int = 0) -> Json:
    limits = {} if most is None else {"maxItems": most}
    return {"type": "array", "items": items} | limits | ({"minItems": least} if least else {})


def or_none(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def told(**properties: Json) -> Json:
    """An object that the site tells: all of its fields are always there."""
    return wished(list(properties), **properties)


def wished(required: Sequence[str] = (), **properties: Json) -> Json:
    """An object of these fields and no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


def body(schema: str, example: Json) -> Json:
    content = {"application/json": {"schema": ref(schema), "example": example}}
    return {"required": True, "content": content}


def answer(said: str, schema: Json, kind: str = "application/json") -> Json:
    return {"description": said, "content": {kind: {"schema": schema}}}


def errors(**said: str) -> Json:
    """Answers in the one form of errors, by their status: s404="There is no such verse." """
    waits = {"Retry-After": {"description": "Seconds.", "schema": whole(1)}}
    found = {status[1:]: answer(why, ref("Error")) for status, why in said.items()}
    if "429" in found:
        found["429"] = found["429"] | {"headers": waits}
    return found


def in_path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def in_query(name: str, schema: Json, said: str) -> Json:
    return {"name": name, "in": "query", "description": said, "schema": schema}
