### The overview, in the console.

console-overview = Overview
overview-well = Nothing needs mending.
overview-examining = Everything is being looked at. Open the page again in a moment.
overview-examined = Everything was looked at { $at }.
overview-courses = What happens
overview-nodes = Servers
overview-database = Database
overview-redis = Redis
finding-bad = Broken
finding-weak = To be mended
back-hour = Last hour
back-day = Last day
back-month = Last 30 days
chart-sign-ins = Sign-ins
chart-tokens = Tokens issued
# With audit.token_issue = "off".
chart-without-own-tokens = Without those that applications get for themselves: they are not recorded.
chart-failures = Failed attempts
chart-limited = Held back by limits
# $title is one of the four above.
chart-label = { $title }: { $total } altogether, { $most } at most at a time. The numbers are in the table below.
chart-table = Numbers
chart-since = From
chart-count = Count
node-since = Since { $at }
node-unwritten = { $count ->
    [one] 1 event not written
   *[other] { $count } events not written
}
# $millis is how long it took, in thousandths of a second.
database-answers = Answers in { $millis } ms
redis-off = Limits are switched off
redis-none = None; this server is the only one
redis-answers = Answers
redis-away = Does not answer; limits are counted in each server alone
