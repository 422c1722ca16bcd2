"""The door to strategy: why the council does what it does, all the way up, and what for, all the way down.

1. A pack brings layers and outline (`put_outline`); `faults` says beforehand what is wrong with it.
2. What is known by itself hangs into it: `hang` for services and capabilities, `hang_technology` for what
   they run on, a reader for cases.
3. `why` leads from anything up to the purpose (`why_service` remembers it), `what_for` down, `picture`
   measures it all on any day, `gaps` says where its shape is wrong, `between` what changed between two days.
   What is measured is remembered until something is changed; the clock asks for it (`measure_due`), so that
   hardly anybody waits for it.
4. Whoever a layer belongs to may `reword`, `add`, `end`, `link`, `unlink`; everybody else may `propose`, and
   what they propose waits until it is decided (`decide`). A `Change` is any of them before it is made:
   `before_saving` counts first what hangs from it, `carry_out` makes it, `differences` are those that an
   outline asks for. `if_changed` counts what would be read again, hang otherwise, or lose its why.
5. What hangs from a changed sentence is marked to be read again (`to_reread`, `confirm`).
"""

from vestry.strategy.api.changing import (
    add,
    carry_out,
    confirm,
    decides,
    end,
    layer_of,
    link,
    name_for,
    reword,
    too_long,
    unlink,
)
from vestry.strategy.api.figures import put_figures
from vestry.strategy.api.foreseeing import IfChanged, Saving, before_saving, if_changed
from vestry.strategy.api.hanging import (
    Offered,
    PastService,
    Technology,
    hang,
    hang_technology,
    put_past,
    unhang,
)
from vestry.strategy.api.looking import (
    Difference,
    Fan,
    Gap,
    Picture,
    between,
    every_gap,
    find,
    gaps,
    picture,
    slugs,
    statements,
    what_for,
    why,
    why_service,
)
from vestry.strategy.api.measuring import measure_due
from vestry.strategy.api.outlines import (
    FaultyOutline,
    differences,
    faults,
    outline,
    put_outline,
    written_outline,
)
from vestry.strategy.api.proposing import (
    Planned,
    ProposalView,
    carry_out_all,
    decide,
    get_proposal,
    may_decide,
    plan,
    proposals,
    propose,
)
from vestry.strategy.api.reading import graph, layers
from vestry.strategy.api.refusals import (
    LeftBehind,
    NameTaken,
    NoAnswer,
    NoReason,
    NoSuchLayer,
    NoSuchStatement,
    NotAbove,
    NotAName,
    NotDecidedHere,
    NotUnderstood,
    NotWaiting,
    SaysNothing,
    ServesNothing,
    SkipsLayer,
    StillServed,
)
from vestry.strategy.api.views import StatementView, WordingView, get_statement, history, linked, to_reread
from vestry.strategy.api.walking import Lost, users, views
from vestry.strategy.rules.changes import ADD, ASSIGN, END, LINK, MOVE, REWORD, UNLINK, Change
from vestry.strategy.rules.figures import Figures
from vestry.strategy.rules.graph import SERVES, Hanging
from vestry.strategy.rules.layers import DEFAULT as LAYERS
from vestry.strategy.rules.layers import Layer
from vestry.strategy.rules.markdown import NoSuchHeading, NotAnOutline
from vestry.strategy.rules.markdown import read as read_markdown
from vestry.strategy.rules.markdown import read_all as read_all_markdown
from vestry.strategy.rules.measures import LayerMeasure, Reach, Shape
from vestry.strategy.rules.outline import Earlier, Fault, Statement
from vestry.strategy.rules.shape import GUIDED
from vestry.strategy.rules.words import Drift

__all__ = [
    "ADD",
    "ASSIGN",
    "END",
    "GUIDED",
    "LAYERS",
    "LINK",
    "MOVE",
    "REWORD",
    "SERVES",
    "UNLINK",
    "Change",
    "Difference",
    "Drift",
    "Earlier",
    "Fan",
    "Fault",
    "FaultyOutline",
    "Figures",
    "Gap",
    "Hanging",
    "IfChanged",
    "Layer",
    "LayerMeasure",
    "LeftBehind",
    "Lost",
    "NameTaken",
    "NoAnswer",
    "NoReason",
    "NoSuchHeading",
    "NoSuchLayer",
    "NoSuchStatement",
    "NotAName",
    "NotAbove",
    "NotAnOutline",
    "NotDecidedHere",
    "NotUnderstood",
    "NotWaiting",
    "Offered",
    "PastService",
    "Picture",
    "Planned",
    "ProposalView",
    "Reach",
    "Saving",
    "SaysNothing",
    "ServesNothing",
    "Shape",
    "SkipsLayer",
    "Statement",
    "StatementView",
    "StillServed",
    "Technology",
    "WordingView",
    "add",
    "before_saving",
    "between",
    "carry_out",
    "carry_out_all",
    "confirm",
    "decide",
    "decides",
    "differences",
    "end",
    "every_gap",
    "faults",
    "find",
    "gaps",
    "get_proposal",
    "get_statement",
    "graph",
    "hang",
    "hang_technology",
    "history",
    "if_changed",
    "layer_of",
    "layers",
    "link",
    "linked",
    "may_decide",
    "measure_due",
    "name_for",
    "outline",
    "picture",
    "plan",
    "proposals",
    "propose",
    "put_figures",
    "put_outline",
    "put_past",
    "read_all_markdown",
    "read_markdown",
    "reword",
    "slugs",
    "statements",
    "to_reread",
    "too_long",
    "unhang",
    "unlink",
    "users",
    "views",
    "what_for",
    "why",
    "why_service",
    "written_outline",
]
