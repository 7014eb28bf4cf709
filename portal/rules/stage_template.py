"""The template of the works (domain, 5.1): names, working days, inspections, and what each stage means to the owner."""

from __future__ import annotations

from dataclasses import dataclass

from portal.rules.access import Role
from portal.rules.words import N_, Labelled


class Node(Labelled):
    """The six inspections."""

    N1 = "N1", N_("水电隐蔽验收")
    N2 = "N2", N_("防水闭水验收")
    N3 = "N3", N_("泥瓦验收")
    N4 = "N4", N_("木作验收")
    N5 = "N5", N_("油漆验收")
    N6 = "N6", N_("竣工验收")


@dataclass(frozen=True)
class Stage:
    """One stage: `happens` and `needed` are sentences for the homeowner, `needed` "" when nothing is asked of her;
    `answers` is who she turns to. Durations in working days."""

    code: str
    name: str
    node: Node | None
    flat_wd: int
    villa_wd: int
    happens: str
    needed: str = ""
    answers: Role = Role.PROJECT_MANAGER


STAGES = (
    Stage("S01", N_("开工交底与成品保护"), None, 1, 1,
          N_("设计师、项目经理和工长在现场逐项核对图纸，并保护好门窗、电梯厅等成品。"),
          N_("请到场确认图纸、水电点位和特殊材料，并在交底单上签字。")),
    Stage("S02", N_("拆改"), None, 3, 5,
          N_("按图拆除和清运，承重结构不会动。")),
    Stage("S03", N_("砌墙抹灰"), None, 3, 7,
          N_("砌新墙并抹灰，房间格局成形。"),
          N_("请安排您自购的门、柜商家第一次量尺。")),
    Stage("S04", N_("水电施工"), None, 9, 20,
          N_("开槽、布管、穿线，每面墙都会拍照留底。"),
          N_("请确认水电点位图，并提供橱柜、空调等图纸。")),
    Stage("S05", N_("水电隐蔽验收"), Node.N1, 1, 2,
          N_("水管打压、线路检测，合格后才会封槽。"),
          N_("请到场或视频参加验收，并确认结果。"), Role.INSPECTOR),
    Stage("S06", N_("防水施工"), None, 3, 6,
          N_("厨房、卫生间和阳台做防水涂层。")),
    Stage("S07", N_("闭水试验"), Node.N2, 2, 4,
          N_("蓄水48小时，到楼下查看是否渗漏。"),
          N_("请与楼下邻居约好查看时间，并确认试验结果。"), Role.INSPECTOR),
    Stage("S08", N_("瓷砖铺贴"), None, 12, 28,
          N_("铺贴墙砖和地砖。"),
          N_("瓷砖请在开工前送到现场，并确认铺贴方案。")),
    Stage("S09", N_("泥瓦验收"), Node.N3, 1, 2,
          N_("检查空鼓、平整度和排水坡度。"),
          N_("请参加验收；之后可以安排门、柜最终量尺。"), Role.INSPECTOR),
    Stage("S10", N_("木作吊顶"), None, 7, 20,
          N_("做吊顶和木作基层，封板前会拍照。"),
          N_("空调、新风请在封板前装好管线。")),
    Stage("S11", N_("木作验收"), Node.N4, 1, 1,
          N_("检查吊顶牢固、平整和检修口。"),
          N_("请参加验收并确认结果。"), Role.INSPECTOR),
    Stage("S12", N_("油漆"), None, 14, 30,
          N_("批腻子、打磨、刷底漆和面漆。"),
          N_("请确认墙面颜色；开桶时欢迎到场查看。")),
    Stage("S13", N_("油漆验收"), Node.N5, 1, 2,
          N_("用侧光检查墙面平整和色差。"),
          N_("请参加验收并确认结果。"), Role.INSPECTOR),
    Stage("S14", N_("主材安装"), None, 8, 20,
          N_("安装门、地板、橱柜和集成吊顶。"),
          N_("请确认自购主材的到货时间。")),
    Stage("S15", N_("水电洁具灯具安装"), None, 3, 7,
          N_("安装开关面板、洁具和灯具。"),
          N_("面板、灯具和洁具请提前送到现场。")),
    Stage("S16", N_("开荒保洁"), None, 1, 2,
          N_("全屋深度清洁。")),
    Stage("S17", N_("竣工验收"), Node.N6, 1, 1,
          N_("全屋逐项检查，问题列入整改清单。"),
          N_("请到场一起验收，把您看到的问题都提出来。"), Role.INSPECTOR),
    Stage("S18", N_("整改复验"), None, 2, 4,
          N_("按清单逐项整改，再请您复验。"),
          N_("请逐项确认整改结果。")),
    Stage("S19", N_("室内环境检测"), None, 3, 4,
          N_("通风满7天后，由有资质的机构检测空气，报告会交给您。"),
          N_("检测前请关闭门窗，具体时间会提前通知您。"), Role.CUSTOMER_SERVICE),
    Stage("S20", N_("交付结算"), None, 1, 2,
          N_("结清款项，交接钥匙、竣工图和质保资料，质保开始。"),
          N_("请核对结算单和交付资料并签字。"), Role.ACCOUNT_MANAGER),
)  # fmt: skip
_BY_CODE = {one.code: one for one in STAGES}


def stage(code: str) -> Stage:
    """The stage with this code. KeyError for any other."""
    return _BY_CODE[code]
