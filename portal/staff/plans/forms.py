"""The forms of drawings: files, what each of them is, answers to remarks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField

from portal.fields import Form, Prose, TextLine


class FilesForm(Form):
    """Files sent at once, without scripts."""

    files = MultipleFileField(_l("选择图纸文件"))


class RowForm(Form):
    """What one uploaded file is. Empty fields are judged by the rules, so that all that is missing is said at once."""

    class Meta:
        csrf = False  # the page's form around the rows carries the token

    sheet_no = TextLine(_l("图号"), longest=20, optional=True)
    title = TextLine(_l("图名"), longest=80, optional=True)
    scale = TextLine(_l("比例"), longest=10, optional=True)
    note = Prose(_l("改了什么"), longest=500, optional=True)
    expected = HiddenField()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.sheet_no, self.title, self.scale, self.note):
            field.flags.optional = False  # the rules demand them; only the page knows that a first note may stay empty

    @property
    def told(self) -> int:
        """The revision number that stood on the screen; -1 when none did."""
        text = self.expected.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


class AnswerForm(Form):
    """The answer to a remark."""

    words = Prose(_l("答复业主"), longest=1000, optional=True)
    resolved = BooleanField(_l("已处理，关闭这条留言"))
