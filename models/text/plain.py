"""Questions as an embedder reads them best: shorthand spelled out, marks that carry no meaning taken away."""

import re

_SHORTHAND = dict(
    line.split(" = ")
    for line in """
w/ = with
pls = please
plz = please
thx = thanks
u = you
ur = your
tmrw = tomorrow
tmw = tomorrow
wk = week
wks = weeks
wknd = weekend
qtr = quarter
qtrs = quarters
yr = year
yrs = years
ytd = this year
mtd = this month
hr = hour
hrs = hours
min = minutes
mins = minutes
mon = monday
tue = tuesday
tues = tuesday
wed = wednesday
thu = thursday
thurs = thursday
fri = friday
rn = right now
b4 = before
til = until
vs = versus
re = about
mtg = meeting
mtgs = meetings
msg = message
msgs = messages
convo = conversation
convos = conversations
opp = opportunity
opps = opportunities
acct = account
accts = accounts
biz = business
prod = production
info = information
ppl = people
smth = something
gonna = going to
wanna = want to
gotta = have to
gimme = give me
lemme = let me
idk = i do not know
teh = the
hows = how is
whats = what is
whens = when is
whos = who is
wheres = where is
dont = do not
didnt = did not
doesnt = does not
isnt = is not
arent = are not
cant = can not
wont = will not
& = and
+ = and
""".strip().splitlines()
)
_IDLE = re.compile(r"[?!.…]+(?=\s|$)|[\"“”()]")


def plain(text: str) -> str:
    """The text without closing marks, quotation marks and brackets, its chat shorthand spelled out.

    Examples, background and questions all go through it, so that how a text is typed is no evidence of what it asks.
    """
    bare = _IDLE.sub("", text.replace("’", "'").replace("w/", "w/ "))
    return " ".join(_SHORTHAND.get(word.lower().strip(","), word) for word in bare.split())
