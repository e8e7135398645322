# What we use of Flask-WTF, which has no types of its own.
from typing import TypeVar

from flask import Flask

_Exempted = TypeVar("_Exempted")

class CSRFProtect:
    def init_app(self, app: Flask) -> None: ...
    def exempt(self, view: _Exempted) -> _Exempted: ...
    def protect(self) -> None: ...
