"""Customers on the salespeople's desks, in every state of the clocks."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal import clock
from portal.actions import leads
from portal.actions.leads import Customer
from portal.models import User

# salesperson, days ago, customer, address parts, source, what comes next and in how many days, contacts (days ago, way, words)
CUSTOMERS = (
    ("莫跑单", 0, ("王女士", "+8619900001001"), ("云栖样板苑", "6", "1", "302"), "小区驻点", ("电话约量房时间", 1), ()),
    ("莫跑单", 2, ("赵先生", "+8619900001002"), ("云栖样板苑", "8", "2", "1503"), "自然到店", ("发案例，约周末到店", 0), ((1, "call", "对现代简约感兴趣，预算八万左右"),)),
    ("莫跑单", 6, ("欧阳建国", "+8619900001003"), ("示例澜庭别墅区", "B", "1", "09"), "老客户介绍", ("请设计师一起拜访", -1), ((5, "visit", "看了样板工地，关心防水做法"),)),
    ("方小勤", 1, ("陈女士", "+8619900001004"), ("晴川花园", "2", "1", "901"), "网络咨询", ("回电确认户型图", 0), ()),
    ("方小勤", 9, ("孙先生", "+8619900001005"), ("晴川花园", "5", "3", "204"), "电话咨询", ("再约一次量房", 2), ((8, "call", "这两周出差，下周联系"), (3, "message", "发了半包报价说明"))),
    ("方小勤", 16, ("李奶奶", "+8619900001006"), ("晴川花园", "1", "1", "101"), "小区驻点", ("等儿子回来商量", 1), ((14, "call", "旧房翻新，想先看厨房"),)),
)


def register(office: dict[str, User], *, at: datetime) -> None:
    for seller, ago, (name, phone), (community, building, unit, room), source, (step, in_days), contacts in CUSTOMERS:
        by, when = office[seller], at - timedelta(days=ago)
        customer = Customer(name, phone, community, building, unit, room)
        today = clock.local(at).date()
        lead, _ruling = leads.register(
            by=by, at=when, customer=customer, next_step=step, next_on=clock.local(when).date() + timedelta(days=1), source=source
        )
        for days_ago, way, words in contacts:
            then = at - timedelta(days=days_ago)
            leads.log_contact(lead=lead, by=by, at=then, way=way, summary=words, next_step=step,
                              next_on=clock.local(then).date() + timedelta(days=1))
        lead.next_on = today + timedelta(days=in_days)
