"""What a complaint can be about, and how urgent that is (domain, 6.1 and 6.2)."""

from __future__ import annotations

from portal.rules.words import N_, Labelled

MOST_PHOTOS = 20


class Category(Labelled):
    """What a complaint is about (domain, 6.1)."""

    QUALITY = "质量", N_("质量")
    SCHEDULE = "工期", N_("工期")
    SERVICE = "服务", N_("服务")
    COST = "费用", N_("费用")
    MATERIAL = "材料", N_("材料")
    ENVIRONMENT = "环保", N_("环保")
    SAFETY = "安全", N_("安全")
    OTHER = "其他", N_("其他")


class Severity(Labelled):
    """L0 and L1 are urgent: their clock never stands still (C19)."""

    L0 = "L0", N_("紧急")
    L1 = "L1", N_("重大")
    L2 = "L2", N_("一般")
    L3 = "L3", N_("轻微")
    L4 = "L4", N_("建议")

    @property
    def is_urgent(self) -> bool:
        return self in (Severity.L0, Severity.L1)


class Act(Labelled):
    """One step in the story of a complaint. NOTE is for staff only."""

    FILED = "filed", N_("已提交")
    REPLIED = "replied", N_("回复")
    CAUSE = "cause", N_("查明原因")
    SOLUTION = "solution", N_("制定方案")
    DONE = "done", N_("处理完成")
    CLOSED = "closed", N_("已结案")
    REOPENED = "reopened", N_("已重新打开")
    CONFIRMED = "confirmed", N_("业主确认")
    ASSIGNED = "assigned", N_("更换负责人")
    GRADED = "graded", N_("调整级别")
    NOTE = "note", N_("内部备注")


SUBCATEGORIES: dict[Category, tuple[str, ...]] = {
    Category.QUALITY: (
        N_("渗漏水"),
        N_("瓷砖空鼓"),
        N_("瓷砖不平或色差"),
        N_("墙面开裂起皮"),
        N_("地板起拱异响"),
        N_("水路堵塞或反味"),
        N_("电路跳闸断电"),
        N_("门窗柜安装"),
        N_("吊顶开裂下沉"),
        N_("与图纸不符"),
        N_("成品破坏"),
    ),
    Category.SCHEDULE: (N_("停工无人"), N_("进度落后"), N_("主材到货迟"), N_("反复返工"), N_("完工日期争议")),
    Category.SERVICE: (
        N_("设计跟进慢"),
        N_("联系不上负责人"),
        N_("工人行为"),
        N_("客服响应慢"),
        N_("验收未通知"),
        N_("泄露隐私"),
    ),
    Category.COST: (
        N_("增项未签"),
        N_("工程量虚增"),
        N_("重复计费"),
        N_("单价与目录不符"),
        N_("退款或定金"),
        N_("发票"),
    ),
    Category.MATERIAL: (
        N_("品牌型号不符"),
        N_("以次充好"),
        N_("数量短缺"),
        N_("破损"),
        N_("过期"),
        N_("自购材料损坏丢失"),
    ),
    Category.ENVIRONMENT: (N_("异味"), N_("检测超标"), N_("板材等级"), N_("胶漆"), N_("噪声粉尘")),
    Category.SAFETY: (N_("人员受伤"), N_("漏电"), N_("失火或漏气"), N_("破坏结构"), N_("楼下受损")),
    Category.OTHER: (N_("邻里物业"), N_("建议"), N_("表扬")),
}
_BY_CATEGORY = {Category.SAFETY: Severity.L0, Category.OTHER: Severity.L3}
_BY_SUBCATEGORY = {
    "渗漏水": Severity.L1, "电路跳闸断电": Severity.L1, "泄露隐私": Severity.L1, "增项未签": Severity.L1,
    "品牌型号不符": Severity.L1, "以次充好": Severity.L1, "检测超标": Severity.L1, "楼下受损": Severity.L0,
    "门窗柜安装": Severity.L3, "噪声粉尘": Severity.L3, "发票": Severity.L3, "建议": Severity.L4, "表扬": Severity.L4,
}  # fmt: skip


def default_severity(category: Category | str, subcategory: str = "") -> Severity:
    """How urgent a complaint is until somebody looks at it: the more urgent of what its two words say."""
    by_category = _BY_CATEGORY.get(Category(category), Severity.L2)
    special = _BY_SUBCATEGORY.get(subcategory)
    if special is None or (by_category is Severity.L0 and special > Severity.L0):
        return by_category
    return special
