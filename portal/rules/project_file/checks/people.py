"""People and signatures: the team, `person` values, G1 and G2."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.rules.project_file.compare import keys_once
from portal.rules.project_file.places import Findings, Place
from portal.rules.project_file.typed import BAD, Items, Missing, Node, child, items, where_readable
from portal.rules.project_file.values import ROLES

OWNER, CUSTOMER, HOTLINE = "业主", "客户", "值班客服"
DESIGNER, CHIEF_DESIGNER = "设计师", "主任设计师"
_MUST_SIGN_BUDGET = (DESIGNER, "项目经理", "预算员", CUSTOMER)


class Team:
    """Who holds which role. What the file leaves unreadable is taken to be right: that fault is reported already."""

    def __init__(self, project: Node) -> None:
        members: Items = project.get("team") or Items(project.at("team"))
        nodes = [node for _, node in members.good()]
        known = bool(members) and members.sound and not any(member is BAD for member in members)
        self.names = {node["name"] for node in nodes if "name" in node}
        self.holders: dict[str, set[str]] = {}
        for node in nodes:
            if "role" in node:
                self.holders.setdefault(node["role"], set()).update([node["name"]] if "name" in node else [])
        self.names_known = known and all("name" in node for node in nodes)
        self.roles_known = known and all("role" in node for node in nodes)

    def lacks(self, name: str) -> bool:
        """Nobody of the team has this name, and the whole team is known."""
        return self.names_known and name not in self.names

    def vacant(self, role: str) -> bool:
        """Nobody holds `role`; the chief designer also answers for the designer (G1)."""
        answering = {role, CHIEF_DESIGNER} if role == DESIGNER else {role}
        return self.roles_known and not answering & self.holders.keys()

    def answering(self, role: str) -> set[str]:
        """Names of those who hold `role` or answer for it (G2). Missing when the team is not known."""
        if not (self.names_known and self.roles_known):
            raise Missing
        return self.holders.get(role, set()) | (self.holders.get(CHIEF_DESIGNER, set()) if role == DESIGNER else set())


def check(project: Node, mentions: Iterable[tuple[Place, str]], findings: Findings) -> None:
    team = Team(project)
    _members(project, findings)
    for place, name in mentions:
        if team.lacks(name):
            findings.fault(place, f"is {name}, who is not in the team")
    _visits(project, team, findings)
    _signatures(project, team, findings)
    _budget_signed(project, findings)
    _speakers(project, team, findings)


def _members(project: Node, findings: Findings) -> None:
    with where_readable():
        team: Items = project["team"]
        keys_once(findings, team, "role")
        phones: dict[str, str] = {}
        for _, member in team.good():
            with where_readable():
                phone = phones.setdefault(member["name"], member["phone"])
                if phone != member["phone"]:
                    findings.fault(member.at("phone"), f"is {member['phone']}, but {member['name']} has {phone} above")


def _visits(project: Node, team: Team, findings: Findings) -> None:
    """G2."""
    for _, visit in items(project, "site_visits"):
        with where_readable():
            role = visit["role"]
            if team.vacant(role):
                findings.fault(visit.at("role"), f"is {role}, which nobody in the team holds")
                continue
            if visit["person"] not in team.answering(role) and not team.lacks(visit["person"]):
                findings.fault(visit.at("person"), f"is {visit['person']}, who is not the team's {role}")


def _signatures(project: Node, team: Team, findings: Findings) -> None:
    """G1 for every list of signatures."""
    _plain_list(child(project, "budget"), "signatures", CUSTOMER, team, findings)
    for _, drawing in items(project, "drawings"):
        _plain_list(drawing, "sign", CUSTOMER, team, findings)
    for _, order in items(project, "change_orders"):
        _plain_list(order, "signatures", OWNER, team, findings)
    for _, inspection in items(project, "inspections"):
        named = [(node.at("role"), node["role"]) for _, node in items(inspection, "signatures") if "role" in node]
        _signed(named, OWNER, team, findings)


def _plain_list(node: Node, key: str, owner: str, team: Team, findings: Findings) -> None:
    with where_readable():
        names: Items = node[key]
        _signed([(names.at(index), name) for index, name in names.good()], owner, team, findings)


def _signed(signatures: list[tuple[Place, str]], owner: str, team: Team, findings: Findings) -> None:
    seen: set[str] = set()
    for place, name in signatures:
        if name in seen:
            findings.fault(place, f"is {name}, who has signed before")
        elif name != owner and name not in ROLES:
            findings.fault(place, f"is {name}, neither {owner} nor a role")
        elif name != owner and team.vacant(name):
            findings.fault(place, f"is {name}, a role that nobody in the team holds")
        seen.add(name)


def _budget_signed(project: Node, findings: Findings) -> None:
    with where_readable():
        names = project["budget"]["signatures"].whole()
        stand_in = {DESIGNER} if CHIEF_DESIGNER in names else set()
        lacking = [name for name in _MUST_SIGN_BUDGET if name not in {*names, *stand_in}]
        if lacking:
            findings.fault(names.place, f"lacks {', '.join(lacking)}")


def _speakers(project: Node, team: Team, findings: Findings) -> None:
    """Who asked for a change, who complained and who spoke: the owner, or somebody we know."""
    for _, order in items(project, "change_orders"):
        _known(order, "requested_by", lambda name: name != OWNER and name not in ROLES, findings)
    for _, complaint in items(project, "complaints"):
        _known(complaint, "reporter", lambda name: name != OWNER and team.lacks(name), findings)
        for _, entry in items(complaint, "timeline"):
            _known(entry, "by", lambda name: name not in (OWNER, HOTLINE) and team.lacks(name), findings)


def _known(node: Node, key: str, stranger: Any, findings: Findings) -> None:
    with where_readable():
        if stranger(node[key]):
            findings.fault(node.at(key), f"is {node[key]}, who is neither {OWNER} nor of the project")
