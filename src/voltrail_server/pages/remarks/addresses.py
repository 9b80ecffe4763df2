"""The addresses of remarks."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.remarks import remarks

ADDRESSES = [
    page("remarks/new/", remarks.new, "remark-new"),
    page("remarks/<int:index>/withdraw/", remarks.withdraw, "remark-withdraw"),
    page("remarks/<int:index>/files/<int:number>/", remarks.file, "remark-file"),
]
