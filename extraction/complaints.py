"""Words of complaint: what tells that somebody is complained about, and that somebody else is only asked to help."""

import re
from typing import Final

__all__ = ["ACCUSED", "ACCUSING", "ADDRESSED", "ASKED", "NEGLECT", "near_complaint"]

# Right before the one complained about.
ACCUSING: Final = re.compile(
    r"(?:投诉|举报|反映|反应|曝光|控诉|状告|质疑|严惩|查处|整治|处罚|取缔|complain(?:t|ts|ing|ed)? (?:about|"
    r"against|of)|report(?:ing)?|"
    r"fed up with|tired of|sick of|noise from|music from|smell from|trash from|because of|caused by)"
    r"(?:[^，。！？；,.!?;\n]{0,8}?|(?: the| this| a)?(?: \w+)?) ?$",
    re.IGNORECASE,
)
# Soon after the one complained about: what it does.
ACCUSED: Final = re.compile(
    r"[^，。！？；,.!?;\n]{0,12}?(?:扰民|噪音|噪声|占道|占用|霸占|侵占|乱倒|乱扔|乱丢|乱堆|乱停|乱收费|偷倒|偷排|"
    r"倾倒|堆放|排放|直排|排污|污染|"
    r"违规|违法|违约|非法|私自|私下|擅自|强制|强迫|强行|恶意|虚假|欺骗|欺诈|诈骗|拖欠|克扣|拒绝|拒不|推诿|不作为|"
    r"不管|不处理|不处置|不按|不给|不退|"
    r"通宵|彻夜|施工|扬尘|外放|太吵|很吵|吵|油烟|堵塞|堵住|阻挡|要求家长|涉嫌|收取|太差|恶劣|"
    r"(?:has|have|had|is|are|was|were|keeps?|kept|been|always|constantly|continues? to|every \w+|\s)*\s?(?:dump|"
    r"block|play|park|burn|leav|"
    r"throw|spill|blast|run|work|mak|creat|park|obstruct|occupy|occupi|pil|us|refus|not|construct|drill|hammer|"
    r"honk|smell|leak|store|stor|litter|"
    r"noisy|loud|too loud|blar|sing|discharg)\w*)",
    re.IGNORECASE,
)
# What an office fails to do: the only way an authority is complained about rather than asked.
NEGLECT: Final = re.compile(
    r"[^，。！？；,.!?;\n]{0,8}?(?:不作为|乱作为|推诿|不管|不处理|扰民|失职|慢作为|违规|违法|ignor\w+|refus\w+|"
    r"do(?:es)? nothing|never (?:came|come|respond\w*))",
    re.IGNORECASE,
)
# Right before the one who is asked to help.
ADDRESSED: Final = re.compile(
    r"(?:请|希望|望|恳请|肯请|恳求|求|盼|盼望|请求|建议|联系|拨打|致电|向|找|给|通过|报告|上报|呼吁|敬请|麻烦|"
    r"please|ask|asking|call|called|calling|contact|contacted|told|tell|request|could|can|hope|want|need|thank|"
    r"thanks|dear)"
    r"(?:相关|有关|政府|市|区|县|各|to| the| |:)*[^，。！？；,.!?;\n]{0,2}$",
    re.IGNORECASE,
)
# Right after the one who is asked to help.
ASKED: Final = re.compile(
    r"(?:能|能够|可以|尽快|及时|马上|立即|加强|出面|派人|依法|认真|的?领导|to |should |could |can |please |will )*"
    r"(?:处理|解决|介入|查处|整治|整改|核查|核实|调查|协调|清理|监管|管管|执法|领导|清运|send|look into|fix|"
    r"clean|remove|handle|investigate|enforce|come)",
    re.IGNORECASE,
)

_COMPLAINT: Final = re.compile(
    "投诉|举报|反映|扰民|噪音|噪声|垃圾|乱倒|乱停|占道|堵塞|污染|恶臭|违规|违法|noise|noisy|loud|dump|trash|"
    "garbage|litter|block|park|"
    "obstruct|complain|report",
    re.IGNORECASE,
)
_NEAR: Final = 40  # characters


def near_complaint(text: str, start: int) -> bool:
    """Whether words of complaint stand within 40 characters of this offset."""
    return _COMPLAINT.search(text, max(0, start - _NEAR), start + _NEAR) is not None
