"""Which device and browser a User-Agent is, in words a person recognises."""

from __future__ import annotations

import re

from flask_babel import gettext as _

# The first that matches wins: everything calls itself Mozilla, Safari and Linux.
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("AlipayClient", "Alipay"),
    ("Edg", "Edge"),
    ("OPR/|Opera", "Opera"),
    ("QQBrowser", "QQ"),
    ("HuaweiBrowser", "HUAWEI"),
    ("SamsungBrowser", "Samsung"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)


def in_words(user_agent: str) -> str:
    """ "iPhone 上的 Safari", "Safari on iPhone"; an unknown device is called so."""
    system, browser = _first(_SYSTEMS, user_agent), _first(_BROWSERS, user_agent)
    if system and browser:
        return _("%(system)s上的%(browser)s", system=system, browser=browser)
    return system or browser or _("未知设备")


def _first(known, text: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, text)), "")
