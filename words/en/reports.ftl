# Records of a period, statistics, and the pages beside them: what the office reads and prints.

## Records of a period
nav-reports = Reports
records-title = Records
records-count = { $count ->
    [one] { $count } record
   *[other] { $count } records
  }
records-open-count = { $count ->
    [0] none open
    [one] { $count } open
   *[other] { $count } open
  }
records-carried = Left open by earlier periods
records-opened = Opened in this period
records-empty = No record matches.
records-cut = Only the first { $count } of each part are shown. Narrow the period to see others; a file has all of them.
records-date = Date
records-problem = Problem
records-solution = Solution
records-handler = Handler
records-standing = Result
records-number = Number
records-open-point = Open point
records-from = From
records-to = To
records-search = Words in the records
records-any-customer = Any customer
records-any-category = Any category
records-open-only = Open points only
records-group-none = By date
records-group-customer = By customer
records-group-category = By problem type
records-group-label = Grouping
records-unnamed-customer = Without a customer
records-unnamed-category = Without a category
records-this-month = This month
records-last-month = Last month
records-this-quarter = This quarter
records-last-quarter = Last quarter
records-this-year = This year
records-periods = Periods
records-files = Save as
standing-open = Open
standing-open-at-end = Open at the end
standing-solved = Solved
standing-filed = Filed unsolved
standing-solved-on = solved { $day }
standing-filed-on = filed { $day }
standing-next = Next: { $plan }

## Statistics
statistics-title = Statistics
statistics-quarter = Quarter
statistics-previous = The quarter before
statistics-next = The quarter after
statistics-as-of = as of { $moment }
statistics-received = Received
statistics-solved = Solved
statistics-open-at-end = Open at the end
statistics-open-now = Open now
statistics-first-time = First-time fix
statistics-repeats = Repeat faults
statistics-handed-over = Handed over within 24 h
statistics-response = Response, median
statistics-recovery = Recovery, median
statistics-response-kept = Response within the service level
statistics-on-site-kept = On site within the service level
statistics-recovery-kept = Recovery within the service level
statistics-in-time = Within the promised time
statistics-promises = Promises kept in time
statistics-satisfaction = Satisfaction at signing
statistics-call-satisfaction = Satisfaction in follow-up calls
statistics-parts = { $part } of { $whole }
statistics-answers = { $count ->
    [one] { $count } answer
   *[other] { $count } answers
  }
statistics-most = 90% within { $time }
statistics-before = { $quarter }: { $value }
statistics-unnamed = Not given
statistics-by-customers = By customer
statistics-by-categories = By problem type
statistics-by-levels = By fault level
statistics-by-engineers = By engineer
statistics-weeks = Week by week
statistics-week = Week of
statistics-solved-in-week = Solved in the week
statistics-chart = Columns for each week: calls received, and faults solved. The numbers are in the table below.
statistics-chart-rows = Bar of what was received and solved
statistics-cut = The { $count } with the most records. The file has them all.
statistics-as-table = As a table
statistics-complete = Everybody who had work then has been in contact since: nothing is known to be missing.
statistics-running = The quarter is still running; everybody who has work has been in contact lately.
statistics-incomplete = { $jobs ->
    [one] { $jobs } job may still have work
   *[other] { $jobs } jobs may still have work
  } on { $phones ->
    [one] { $phones } phone that has
   *[other] { $phones } phones that have
  } not been in contact since; the figures change when it arrives.
statistics-changed-since = { $count ->
    [one] { $count } job of it has changed since it ended.
   *[other] { $count } jobs of it have changed since it ended.
  }
statistics-carried = { $count } came in open from before, { $closed } of them closed within the quarter.
statistics-how = How this is counted
statistics-how-explained = Received: opened in the quarter; everything below is about these jobs, as they stand now. First-time fix: solved, and no later job or follow-up call says that the fault is back. Repeat fault: opened because a fault was back, or for equipment of the same customer that had a job within 90 days before. Response: from the call to the first sign of somebody at work. Recovery: from the call to the fault being gone. Within the service level: within what the contract, or else the organisation, promises for the fault level, in its service hours and without pauses. What cannot be judged yet is left out.
statistics-first-time-percent = First-time fix (%)
statistics-handed-over-percent = Handed over within 24 h (%)
statistics-response-hours = Response, median (h)
statistics-response-most-hours = Response, 90% within (h)
statistics-recovery-hours = Recovery, median (h)
statistics-recovery-most-hours = Recovery, 90% within (h)
statistics-response-kept-percent = Response within the service level (%)
statistics-on-site-kept-percent = On site within the service level (%)
statistics-recovery-kept-percent = Recovery within the service level (%)
statistics-in-time-percent = Within the promised time (%)
statistics-promises-percent = Promises kept in time (%)
lasting-minutes = { $number } min
lasting-hours = { $number } h
lasting-days = { $number } d

## Follow-up calls
follow-ups-overdue = { $count ->
    [0] none due
    [one] { $count } due
   *[other] { $count } due
  }
follow-ups-due = To be called
follow-ups-none-due = Nobody has to be called in the coming week.
follow-ups-by-when = Due
follow-ups-signed = Signed
follow-ups-record = Record the call …
follow-ups-fault = The fault
follow-ups-made = Called lately
follow-ups-reopen = Open a job for it
follow-ups-next-job = The job that follows

## A phone's file, brought to the desk
hand-in-title = Take in a phone’s file
hand-in-explained = Choose the file that a phone saved when it had no network (its name ends in .docket). What is in it is signed by that phone and counts as its owner’s, whoever brings it. Bring it as often as you like: nothing is added twice.
hand-in-file = File of a phone
hand-in-take = Take in
hand-in-another = Take in another file
hand-in-from = From { $name }’s phone, saved { $moment }
hand-in-verdict = { $taken } taken in, { $known } here already, { $waiting } waiting for a decision, { $refused } not accepted.
hand-in-nothing = There is nothing in this file.
hand-in-taken = Taken in
hand-in-known = Here already
hand-in-waiting = Waiting
hand-in-refused = Not accepted
hand-in-files = Photos and files: { $count } are here.
hand-in-files-left = Photos and files: { $count } are here. Others are not: they belong to work that was not accepted or is on its way by another file. Their phone still has them.
hand-in-why = Why
hand-in-not-yours = A record you do not see
hand-in-bad-signature = This file was not written by a phone of this organisation, or somebody has changed it. Nothing was taken in; its author still has everything.
hand-in-too-late = This phone was withdrawn too long ago. Nothing was taken in; its author still has everything.
hand-in-too-large = This file holds more than can be taken in at once. Let the phone itself send it; it still has everything.
hand-in-too-new = The phone’s app and this server do not understand each other. Nothing was taken in; its author still has everything.

## Backup check
backups-title = Backup check
backups-explained = A job that changed programs or settings should have a backup in the customer’s file. Here is what is missing, of the last twelve months.
backups-missing = Jobs without a backup
backups-none-missing = Every job that changed something has a backup.
backups-finished = Finished
backups-enter = Enter the backup
backups-tick = Tick off …
backups-tick-really = No backup needed
backups-incomplete = Backups without version or approval
backups-none-incomplete = Every backup has a version and is approved.
backups-unnamed = Unnamed system
backups-no-version = No version
backups-approval = Approved
backups-not-approved = Not approved
backups-ticked = Ticked off
backups-ticked-off = Ticked off, with your reason in the record.

## The phones
fleet-title = Phones
fleet-count = { $count ->
    [one] { $count } phone
   *[other] { $count } phones
  }
fleet-silent = { $count } not heard of for three days
fleet-seen = Last contact
fleet-unsent = Unsent then
fleet-unsent-in = { $changes } in { $jobs ->
    [one] { $jobs } job
   *[other] { $jobs } jobs
  }
fleet-files = Photos to come
fleet-signature = Oldest unsent signature
fleet-clock = Clock
fleet-clock-right = right
fleet-clock-ahead = { $time } ahead
fleet-clock-behind = { $time } behind
fleet-room = Room left
fleet-version = App
fleet-explained = As each phone said with its last request. What was written since without coverage is not known here; it arrives by itself. A dash means that the phone’s app does not say.

## The quarterly report, as it is given out
quarterly-report = Quarterly report
quarterly-figures = Figures
quarterly-carried = Open points of earlier quarters
quarterly-open = Open points of this quarter
quarterly-next = Next
quarterly-in-time = In time
quarterly-satisfaction = Satisfaction
quarterly-attached = The figures, for programs
issue-version = Version { $version }
issue-line = issued { $moment } by { $name }, counted up to no. { $seq } of the log
issue-on-paper = Version { $version } · { $moment } · { $name } · log no. { $seq }
issue-draft = Not issued
issue-running = The quarter is still running. A report can be issued once it has ended.
issue-none = No report of this quarter was issued yet. What is issued is kept as it was said, whatever arrives later.
issue-unchanged = Nothing has changed against version { $version }.
issue-changed = { $count ->
    [one] Against version { $version }, { $count } figure has changed, because work arrived later.
   *[other] Against version { $version }, { $count } figures have changed, because work arrived later.
  }
issue-changes = Changed against version { $version }
issue-changes-title = What has changed
issue-figure = Figure
issue-then = Said then
issue-now = Now
issue-next = Issue version { $version }
issue-next-explained = In your name, with the figures as they stand now. It cannot be changed afterwards.
issue-as-it-stands = As it stands now
issue-done = Issued. This version stays as it is.
issue-nothing-new = Nothing was issued: somebody else has done so meanwhile, or nothing differs from the latest version.
