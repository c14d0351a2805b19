# Service levels, clocks and notices, in the console.

levels-title = Service levels
levels-explained = What the organisation promises for each fault level, and when its clocks run. A contract can promise something else: open the customer. Calls from before a change keep what was promised when they came, if the new line says since when it counts.
levels-contracts = Contracts with terms of their own
levels-no-contracts = No contract says anything else.
section-levels-default = Promised where a contract says nothing
section-service-default = Service hours
section-levels = Service levels
section-service = Service hours and inspections
section-holidays = Holidays and days worked instead
every-days = every { $days } days

field-levels-level = Fault level
field-levels-response-minutes = Response (minutes)
field-levels-on-site-minutes = On site (minutes)
field-levels-recovery-minutes = Recovery (minutes)
field-levels-since = Counts for calls since
field-levels-removed = Service level removed
field-service-hours = Service hours
field-service-days = Working days
field-service-opens = From
field-service-closes = Until
field-service-zone = Time zone
field-service-inspection-days = Inspection every (days)
field-holidays-name = Name
field-holidays-from = First day
field-holidays-until = Last day
field-holidays-worked = Worked instead
field-holidays-removed = Holiday removed
hours-always = 7x24
hours-working = Working hours
days-mon-fri = Mon to Fri
days-mon-sat = Mon to Sat
days-every-day = Every day

## On a job, and on the board
section-clocks = Clocks
clock = Clock
clocks-none = Nothing is promised for this level.
clock-due = Until
clock-met = Met
clock-learned = The office learned of it { $moment }
clock-last-heard = Its phone was last heard of { $moment }
clock-state-running = In time
clock-state-soon = Little time left
clock-state-paused = Paused
clock-state-kept = Kept
clock-state-kept-learned-late = Kept, learned late
clock-state-unknown = Not known yet
clock-state-missed = Missed
any-clock = Any clock
clock-filter-over = Missed or not known
clock-filter-soon = Little time left
clock-filter-paused = Paused
terms-contract = By contract
terms-default = Organisation’s default
pause-clocks = Pause
pause-reason = Why the clocks stop
resume-clocks = Go on
paused-since = Paused since { $moment }
notice-paused = The clocks stand still.
notice-resumed = The clocks go on.
told-count = { $count ->
    [one] { $count } notice sent about this job
   *[other] { $count } notices sent about this job
  }

## Notices
held-title = Held work
notices-title = Notices
notices-explained = Who was told of a missed clock: the manager once it is missed, the executive when as long again has passed, both at once for a critical fault. Each is told once.
notices-none = Nobody had to be told of anything.
notices-seen = { $count ->
    [one] I have seen it
   *[other] I have seen all { $count }
  }
notice-told = Told
notice-what = What
notice-job = Job
notice-who = Who
notice-way = Way
notice-arrival = Arrival
notice-new = New
way-console = Console
way-mail = E-mail
way-webhook = Webhook
notice-seen = Seen { $moment }
notice-unseen = Not seen yet
notice-taken = Sent { $moment }
notice-waits = Waits to be sent
notice-again = Tried again { $moment }
notice-given-up = Given up
notice-missed-hand-over = Nobody has taken the call. Hand-over was due: { $moment }.
notice-missed-response = Nobody is at work on it. Promised: { $moment }.
notice-missed-on-site = Nobody is on site. Promised: { $moment }.
notice-missed-recovery = The fault is not gone. Promised: { $moment }.
notice-certain = That is certain: no phone can know better.
notice-uncertain = The engineer’s phone has not been heard of since; it may know better.
notice-subject = Missed: { $clock } · { $number }
notice-foot = { $organisation } tells you as { $role }. Who was told stands with the job in the console.

## Where people are reached
people-reach = Reached at
people-mail = E-mail for notices
people-language = Language of notices
people-change-contact = Notices …
people-contact-explained = Managers and executives are told here of missed clocks, beside the console.
audit-contact-changed = Notices to { $name } now go to: { $detail }

## The duty roster
duty-title = Duty roster
duty-explained = Who is on call when. Phones show it without coverage, too.
duty-nobody = Nobody is on call now.
section-duty = Turns
field-duty-person = Person
field-duty-from = From
field-duty-until = Until
field-duty-note = Note
field-duty-removed = Turn removed
