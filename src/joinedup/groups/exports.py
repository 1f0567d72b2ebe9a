"""Groups for other programs: GraphML, and the entity and link tables that charting tools such as i2 read. Restricted material."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from joinedup.groups.cautions import CAUTIONS
from joinedup.groups.drawing import RESTRICTED, people_of
from joinedup.groups.told import NAMES

Page = Mapping[str, Any]

FORMS = ("graphml", "i2")

_NODES = {
    "kind": "person or a kind of thing",
    "roles": "child, suspect",
    "part": "core or attached",
    "stability": "",
    "groups": "",
}
_LINES = {
    "records": "source records",
    "date": "earliest",
    "basis": "",
    "agencies": "",
    "probability": "lowest of the records",
}


def files_of(pages: Sequence[Page], form: str) -> dict[str, str]:
    """The files of the groups in a form of FORMS, by name; the same pages give the same text.

    People and the things two members or more share are entities; a link says which person used which thing, by how many
    source records, since when, on what basis, from which agencies.
    """
    entities, links = _entities(pages), _links(pages)
    if form == "graphml":
        return {"RESTRICTED-groups.graphml": _graphml(entities, links)}
    return {
        "RESTRICTED-entities.csv": _table(entities, ("identity", "label", *_NODES)),
        "RESTRICTED-links.csv": _table(links, ("link", "from", "to", *_LINES)),
        "RESTRICTED-read-first.txt": "\n".join([RESTRICTED, "", *CAUTIONS, ""]),
    }


def _entities(pages: Sequence[Page]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for page in pages:
        name = page["group"]["group_id"]
        for row in people_of(page):
            found[row["person_id"]] = {
                "identity": row["person_id"], "label": row["person_id"], "kind": "person", "roles": ", ".join(row["roles"]),
                "part": row["part"], "stability": row["stability"], "groups": name,
            }  # fmt: skip
        for thing in page["holds_together"]:
            key = _identity(thing)
            groups = [found[key]["groups"], name] if key in found else [name]
            label = f"{NAMES[thing['kind']][0]} {thing['value']}"
            found[key] = {
                "identity": key, "label": label, "kind": thing["kind"], "roles": "", "part": "", "stability": "",
                "groups": ", ".join(groups),
            }  # fmt: skip
    return [found[key] for key in sorted(found)]


def _identity(thing: Mapping[str, Any]) -> str:
    return f"{thing['kind']}:{thing['value']}"


def _links(pages: Sequence[Page]) -> list[dict[str, Any]]:
    said: dict[tuple[str, str], dict[str, Any]] = {}
    for page in pages:
        for tie in page["ties"]:
            for reason in tie["reasons"]:
                for row in reason["records"]:
                    said.setdefault((row["person_id"], _identity(reason)), {})[row["mention_id"]] = row
    found = []
    for (person, thing), rows in sorted(said.items()):
        days = sorted(str(row["date"]) for row in rows.values() if row["date"])
        found.append(
            {
                "link": f"{person} {thing}", "from": person, "to": thing, "records": len(rows), "date": days[0] if days else "",
                "basis": ", ".join(sorted({str(row["basis"]) for row in rows.values() if row["basis"]})),
                "agencies": ", ".join(sorted({str(row["agency"]) for row in rows.values()})),
                "probability": min((row["probability"] for row in rows.values() if row["probability"] is not None), default=""),
            }
        )  # fmt: skip
    return found


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*columns, "handling"])
    for row in rows:
        writer.writerow([*(row[column] for column in columns), "RESTRICTED"])
    return text.getvalue()


def _graphml(entities: Sequence[Mapping[str, Any]], links: Sequence[Mapping[str, Any]]) -> str:
    root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for scope, names in (("node", ("label", *_NODES)), ("edge", tuple(_LINES))):
        for name in names:
            kind = {"stability": "double", "probability": "double", "records": "int"}.get(name, "string")
            attributes = {"id": f"{scope}-{name}", "for": scope, "attr.name": name, "attr.type": kind}
            ElementTree.SubElement(root, "key", attributes)
    graph = ElementTree.SubElement(root, "graph", id="groups", edgedefault="undirected")
    ElementTree.SubElement(graph, "desc").text = " ".join([RESTRICTED, *CAUTIONS])
    for row in entities:
        node = ElementTree.SubElement(graph, "node", id=str(row["identity"]))
        _data(node, "node", row, ("label", *_NODES))
    for row in links:
        edge = ElementTree.SubElement(graph, "edge", source=str(row["from"]), target=str(row["to"]))
        _data(edge, "edge", row, tuple(_LINES))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _data(parent: ElementTree.Element, scope: str, row: Mapping[str, Any], names: Sequence[str]) -> None:
    for name in names:
        if row[name] != "":
            ElementTree.SubElement(parent, "data", key=f"{scope}-{name}").text = str(row[name])
