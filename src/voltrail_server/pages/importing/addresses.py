"""The addresses of imports."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.importing import foreign, importing

ADDRESSES = [
    page("foreign/", foreign.listing, "foreign"),
    page("foreign/upload/", foreign.upload, "foreign-upload"),
    page("foreign/<key:key>/keep/", foreign.keep, "foreign-keep"),
    page("foreign/<key:key>/", foreign.one, "foreign-look"),
    page("import/", importing.listing, "imports"),
    page("import/upload/", importing.upload, "import-upload"),
    page("import/example/<key:key>.csv", importing.example, "import-example"),
    page("import/<uuid:number>/", importing.one, "import"),
    page("import/<uuid:number>/columns/", importing.columns, "import-columns"),
    page("import/<uuid:number>/confirm/", importing.confirm, "import-confirm"),
    page("import/<uuid:number>/drop/", importing.drop, "import-drop"),
    page("import/<uuid:number>/wrong.csv", importing.wrong, "import-wrong"),
]
