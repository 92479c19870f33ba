"""The document as one page to read: no script, nothing fetched, light and dark."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from docs.openapi.schema_text import marked, told

STYLE = Path(__file__).with_name("page.css")
_METHODS = ("get", "post", "patch", "delete")


def page(document: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    info = document["info"]
    found = list(_operations(document))
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(info['title'])} API</title>",
            f"<style>\n{STYLE.read_text()}</style>",
            "</head>",
            "<body>",
            f"<header><h1>{escape(info['title'])} API</h1><p>{marked(info['description'])}</p></header>",
            f'<nav aria-label="Operations">{"".join(_contents(document["tags"], found))}</nav>',
            "<main>",
            *_sections(document, found),
            *_schemas(document["components"]["schemas"]),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def _contents(tags: list[Mapping[str, str]], found: list[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    for tag in tags:
        links = "".join(
            f'<li><a href="#{one["operationId"]}">{escape(route)}</a></li>'
            for route, one in found
            if one["tags"] == [tag["name"]]
        )
        yield f"<h2>{escape(tag['name'])}</h2><ul>{links}</ul>"
    yield '<h2><a href="#schemas">Schemas</a></h2>'


def _sections(document: Mapping[str, Any], found: list[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    for tag in document["tags"]:
        yield f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p>"
        for route, one in found:
            if one["tags"] == [tag["name"]]:
                yield from _operation(document, route, one)


def _operation(document: Mapping[str, Any], route: str, one: Mapping[str, Any]) -> Iterator[str]:
    scopes = [scope for scheme in one["security"] for scope in scheme.get("AdminToken", [])]
    throttle = one["x-throttle"]
    yield f'<section id="{one["operationId"]}"><h3><code>{escape(route)}</code></h3>'
    yield f"<p>{escape(one['summary'])}. {marked(one.get('description', ''))}</p>"
    needs = f"needs the scope <code>{escape(scopes[0])}</code>" if scopes else "public"
    yield f"<p><small>{needs}; {throttle['rate']} a second, {throttle['burst']} at once</small></p>"
    yield from _parameters(one.get("parameters", []))
    if "requestBody" in one:
        for media, content in one["requestBody"]["content"].items():
            yield f"<h4>Request <small>{escape(media)}</small></h4>{_shown(content['schema'])}"
            yield from (_example(example["value"], name) for name, example in content["examples"].items())
    for status, response in one["responses"].items():
        yield from _response(document, status, response)
    yield "</section>"


def _parameters(parameters: list[Mapping[str, Any]]) -> Iterator[str]:
    if parameters:
        rows = "".join(
            f"<dt><code>{escape(one['name'])}</code> <small>{one['in']}"
            f"{'' if one['required'] else ', optional'}</small></dt>"
            f"<dd>{told(one['schema'])} {marked(one.get('description', ''))}</dd>"
            for one in parameters
        )
        yield f"<h4>Parameters</h4><dl>{rows}</dl>"


def _response(document: Mapping[str, Any], status: str, response: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    good = int(status) < 400
    medias = ", ".join(response.get("content", {}))
    yield f"<h4>{status} <small>{escape(medias)}</small></h4><p>{marked(response['description'])}</p>"
    for content in response.get("content", {}).values() if good else ():
        yield _shown(content["schema"])
        if "example" in content:
            yield _example(content["example"])


def _shown(schema: Mapping[str, Any]) -> str:
    return f"<div>{told(schema)}</div>"


def _example(value: Any, name: str = "Example") -> str:
    text = escape(json.dumps(value, indent=2, ensure_ascii=False), quote=False)
    return f"<details><summary>{escape(name)}</summary><pre>{text}</pre></details>"


def _schemas(schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield '<h2 id="schemas">Schemas</h2>'
    for name, schema in schemas.items():
        yield f'<section id="schema-{escape(name)}"><h3>{escape(name)}</h3>{_shown(schema)}</section>'
