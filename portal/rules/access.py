"""The whole permission matrix on one screen: role → capabilities (requirements, section 1)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the company, or a homeowner. One person may hold several."""

    HOMEOWNER = "homeowner"
    ADMINISTRATOR = "administrator"
    SALESPERSON = "salesperson"
    SHOWROOM_GUIDE = "showroom_guide"
    SALES_SUPERVISOR = "sales_supervisor"
    STORE_MANAGER = "store_manager"
    DEPARTMENT_HEAD = "department_head"
    ACCOUNT_MANAGER = "account_manager"
    STORE_SUPERVISOR = "store_supervisor"
    DISPATCHER = "dispatcher"
    DESIGNER = "designer"
    CHIEF_DESIGNER = "chief_designer"
    ESTIMATOR = "estimator"
    PROJECT_MANAGER = "project_manager"
    ENGINEERING_MANAGER = "engineering_manager"
    INSPECTOR = "inspector"
    MATERIAL_CLERK = "material_clerk"
    CUSTOMER_SERVICE = "customer_service"
    FINANCE = "finance"
    HR_ADMIN = "hr_admin"
    GENERAL_MANAGER = "general_manager"


ROLE_NAMES = {
    Role.HOMEOWNER: "业主",
    Role.ADMINISTRATOR: "系统管理员",
    Role.SALESPERSON: "家装顾问",
    Role.SHOWROOM_GUIDE: "导购",
    Role.SALES_SUPERVISOR: "业务主管",
    Role.STORE_MANAGER: "店长",
    Role.DEPARTMENT_HEAD: "部门负责人",
    Role.ACCOUNT_MANAGER: "客户经理",
    Role.STORE_SUPERVISOR: "店面主管",
    Role.DISPATCHER: "派单员",
    Role.DESIGNER: "设计师",
    Role.CHIEF_DESIGNER: "主任设计师",
    Role.ESTIMATOR: "预算员",
    Role.PROJECT_MANAGER: "项目经理",
    Role.ENGINEERING_MANAGER: "工程经理",
    Role.INSPECTOR: "质检员",
    Role.MATERIAL_CLERK: "材料员",
    Role.CUSTOMER_SERVICE: "客服",
    Role.FINANCE: "财务",
    Role.HR_ADMIN: "人力行政",
    Role.GENERAL_MANAGER: "总经理",
}

STAFF_ROLES = tuple(role for role in Role if role is not Role.HOMEOWNER)

_STAFF = {"staff.enter", "project.see", "visit.see", "drawing.see", "order.see", "complaint.see", "complaint.work"}
_SALES = _STAFF | {"lead.see", "lead.register", "lead.follow", "measurement.book", "visit.book"}
_DESIGN = _STAFF | {"measurement.record", "visit.book", "drawing.upload", "drawing.answer", "estimate.see"}
_SITE = _STAFF | {"visit.book", "order.advance", "estimate.see"}
_LEADS_OF_ALL = {"lead.see", "lead.see_all"}
_ALL_PROJECTS = {"project.see_all"}

CAPABILITIES: dict[Role, set[str]] = {
    Role.HOMEOWNER: {"home.view", "home.act"},
    Role.ADMINISTRATOR: _STAFF
    | _ALL_PROJECTS
    | {"people.see", "people.manage", "outbox.see", "catalogue.see", "catalogue.import", "household.invite", "audit.see"},
    Role.SALESPERSON: _SALES,
    Role.SHOWROOM_GUIDE: _SALES,
    Role.SALES_SUPERVISOR: _SALES | _LEADS_OF_ALL,
    Role.STORE_MANAGER: _SALES | _LEADS_OF_ALL | _ALL_PROJECTS | {"project.assign", "complaint.see_all", "estimate.see"},
    Role.DEPARTMENT_HEAD: _SALES | _LEADS_OF_ALL | _ALL_PROJECTS | {"complaint.see_all"},
    Role.ACCOUNT_MANAGER: _SALES
    | {"project.open", "project.assign", "household.invite", "estimate.see", "measurement.dispatch", "complaint.file"},
    Role.STORE_SUPERVISOR: _SALES
    | _LEADS_OF_ALL
    | _ALL_PROJECTS
    | {"project.open", "project.assign", "household.invite", "measurement.dispatch", "estimate.see", "complaint.see_all"},
    Role.DISPATCHER: _STAFF | _ALL_PROJECTS | {"measurement.dispatch", "visit.book", "project.assign"},
    Role.DESIGNER: _DESIGN,
    Role.CHIEF_DESIGNER: _DESIGN,
    Role.ESTIMATOR: _STAFF
    | {"estimate.see", "estimate.edit", "estimate.present", "cost.see", "catalogue.see", "catalogue.import", "visit.book"},
    Role.PROJECT_MANAGER: _SITE,
    Role.ENGINEERING_MANAGER: _SITE
    | _ALL_PROJECTS
    | {"estimate.edit", "estimate.release", "cost.see", "catalogue.see", "complaint.see_all", "complaint.assign", "project.assign"},
    Role.INSPECTOR: _SITE,
    Role.MATERIAL_CLERK: _STAFF | {"visit.book"},
    Role.CUSTOMER_SERVICE: _STAFF
    | _ALL_PROJECTS
    | {"complaint.see_all", "complaint.assign", "complaint.file", "visit.book"},
    Role.FINANCE: _STAFF | _ALL_PROJECTS | {"estimate.see", "cost.see"},
    Role.HR_ADMIN: _STAFF | {"people.see"},
    Role.GENERAL_MANAGER: _STAFF
    | _LEADS_OF_ALL
    | _ALL_PROJECTS
    | {"estimate.see", "estimate.release", "cost.see", "catalogue.see", "complaint.see_all", "audit.see", "outbox.see", "people.see"},
}


def capabilities(roles: Iterable[Role | str]) -> frozenset[str]:
    """Everything that the holder of these roles may do."""
    return frozenset().union(*(CAPABILITIES[Role(role)] for role in roles))


def is_staff(roles: Iterable[Role | str]) -> bool:
    return any(Role(role) is not Role.HOMEOWNER for role in roles)
