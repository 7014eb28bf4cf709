"""Complaints in the states that the office meets every day: just in, being worked on, waiting for the customer's word."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.actions.complaints import answering, customer, filing
from portal.actions.complaints.filing import Filing
from portal.extensions import db
from portal.models import Membership, Project, User


def file(site: Project, finished: Project, *, at: datetime) -> None:
    """Two about a home under construction, one about a finished home in its warranty."""
    _just_in(site, at=at - timedelta(minutes=25))
    _under_way(site, at=at - timedelta(days=2))
    _to_confirm(finished, at=at - timedelta(days=5))


def _just_in(home: Project, *, at: datetime) -> None:
    told = Filing(
        project=home, category="服务", subcategory="验收未通知", title="水电验收没有提前通知我",
        description="昨天师傅说水电已经验收过了，可我没有收到通知，也没有签字。\n我想自己到现场看一遍再封墙。",
        visiting_time="工作日晚上7点后，周末全天",
    )
    filing.file(told, by=_owner(home), at=at)


def _under_way(home: Project, *, at: datetime) -> None:
    told = Filing(
        project=home, category="质量", subcategory="瓷砖空鼓", title="次卫墙砖有3片空鼓", place="次卫淋浴区西墙",
        description="自己拿空鼓锤敲的，淋浴区西墙从下往上第二排，有3片声音发空。",
    )
    owner = _owner(home)
    complaint = filing.file(told, by=owner, at=at)
    manager = complaint.assignee
    hours = timedelta(hours=1)
    answering.reply(complaint, "收到，今天下午质检员到现场复核，结果当天告诉您。", by=manager, at=at + hours)
    customer.answer(complaint, "好的，下午我在现场等。", by=owner, at=at + 2 * hours)
    answering.note(complaint, "同一班组上月也有空鼓，复核时把整面墙都敲一遍。", by=manager, at=at + 3 * hours)
    answering.find_cause(complaint, "现场复核：3片空鼓，原因是基层没有拉毛，粘结不牢。", by=manager, at=at + 6 * hours)
    answering.plan(
        complaint, "更换3片，重做这一区的防水并闭水48小时，费用由公司承担。师傅后天上午上门。", by=manager, at=at + 7 * hours
    )


def _to_confirm(home: Project, *, at: datetime) -> None:
    told = Filing(
        project=home, category="质量", subcategory="门窗柜安装", title="主卧衣柜门关不严", place="主卧",
        description="左边那扇门关上后有一条缝，大概5毫米。",
    )
    complaint = filing.file(told, by=_owner(home), at=at)
    manager, days = complaint.assignee, timedelta(days=1)
    answering.reply(complaint, "好的，明天安装师傅上门调整。", by=manager, at=at + timedelta(hours=1))
    answering.find_cause(complaint, "铰链松动，门板下垂。", by=manager, at=at + days)
    answering.plan(complaint, "更换两只铰链并重新调平，保修期内免费。", by=manager, at=at + days)
    answering.report(complaint, "铰链已更换，门缝均匀，开合十次正常。", by=manager, at=at + 2 * days)


def _owner(home: Project) -> User:
    rows = select(Membership).where(Membership.project_id == home.id, Membership.right == "sign").order_by(Membership.id)
    return db.session.scalars(rows.limit(1)).one().user
