# The phone app.

## Everywhere
back = Back
close = Close
cancel = Cancel
save = Save
saved = Saved
clear = Clear
undo = Undo
now = Now
yes = Yes
no = No
you = You
never = Never
empty = Empty
tap-to-fill = Tap to fill in
remove = Remove
removed = Removed
copy = Copy
copied = Copied
export = Export as a file
show-more = Show more
list-comma = {", "}
and-more = { $first } and { $count } more
person-unknown = Unknown
untitled = Untitled
call = Call { $name }
minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
risky = Risky operation
serial = No. { $serial }
serial-scan = Read the serial number with the camera
serial-scan-look = Hold the camera over the code on the label. Check what was read before you save.
serial-scan-refused = The camera may not be used. Allow it in the phone’s settings, or type the number.
serial-scan-no-camera = There is no camera to be had. Type the number.
choice-saved = { $field }: { $value }

## Time
day-today = Today
day-tomorrow = Tomorrow
day-yesterday = Yesterday
ago-now = Just now
ago-minutes = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
ago-days = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}

## Opening the app
opening = Opening your records …
waiting-title = Docket is open in another window
waiting-text = That window holds your records. Go on there, or close it: this one then takes over by itself.
broken-title = Your records could not be opened
broken-text = What you have saved is still on this phone.
broken-again = Try again
broken-detail = For support
version-waits = A new version is ready.
version-accept = Update now

## Signing in
sign-in = Sign in
signing-in = Signing in …
sign-in-subtitle = Field service records
sign-in-name = Name
sign-in-password = Password
sign-in-once = Signing in needs coverage once. Afterwards everything works without it.
password-show = Show
password-hide = Hide
other-language = 中文
sign-in-needed-title = Sign in to send your work
sign-in-needed-text = The session has ended. You can go on working; nothing is sent until you sign in.

## Places
tabs = Places
tab-jobs = Jobs
tab-customers = Customers
tab-me = Me
choose-job = Choose a job on the left.
choose-customer = Choose a customer on the left.

## The list of jobs
my-jobs = My jobs
new-job = New job
search-all = Search jobs, customers, devices …
search-clear = Show all
nothing-to-choose = There is nothing to choose from yet.
nothing-found = Nothing found on this phone.
no-jobs = No jobs here.
no-jobs-yet = Your jobs come with the first sync.
no-customer = No customer named
found-job = Jobs
found-past-job = Past jobs
found-customer = Customers
found-contact = Contacts
found-site = Sites
found-article = Knowledge base
found-equipment = Equipment
stage-filter-open = Open
stage-filter-all = All
group-today = Today
group-coming = Coming
group-no-time = Without a time
group-done = Done
late = Late: { $when }
due = Due: { $when }
starts = Starts: { $when }
damaged = Damaged here
conflicts = { $count ->
    [one] 1 conflict
   *[other] { $count } conflicts
}
unsent-short = { $count } unsent
unsent-files = { $count ->
    [one] 1 photo or file not sent
   *[other] { $count } photos and files not sent
}
unsent-edits = { $count ->
    [0] Nothing unsent
    [one] 1 edit unsent
   *[other] { $count } edits unsent
}

## A job
open-dossier = Open the customer dossier
two-values = Two values, please choose
next-hand-over = Hand over to an engineer
next-keep = I take it on
next-accept = Accept the job
next-checklist = Go through the checklist
next-plan = Set the time of work
next-depart = Set out
next-arrive = I have arrived
next-met = Courtesy visit: met whom?
next-plan-signed = Have the plan confirmed
next-step = Add step
next-report = Write report
next-finish-report = Finish report
next-sign = Have it signed
next-promises = Look at the promises
next-file = File the job
next-proof = Show the proof
told-accepted = Job accepted
told-departed = Departure recorded
told-arrived = Arrival recorded
told-archived = Job filed
tally-done = { $done } of { $all } done
tally-arrived = Arrived { $when }
tally-left = Left { $when }
tally-steps = { $count ->
    [one] 1 step
   *[other] { $count } steps
}
tally-parts = { $count ->
    [one] 1 part
   *[other] { $count } parts
}
tally-signoffs = { $count ->
    [one] 1 sign-off
   *[other] { $count } sign-offs
}
ticked = Ticked
opened-again = Open again
checklist-empty = No checklist for this job.
add-checklist-item = Add a line
add-note = Add a note
add-step = Add a step
add-part = Add a part
add-plan-item = Add planned work
field-needed = “{ $field }” is needed.

## Photos and files
attachment = Photo or file
attachments-empty = No photos or files yet.
tally-attachments = { $count ->
    [one] 1 photo or file
   *[other] { $count } photos and files
}
megabytes = { $count } MB
gigabytes = { $count } GB
take-photo = Take a photo
choose-file = Choose a file
step-photo = Photo of this step
attachment-adding = Adding…
attachment-added = Added. It is kept on this phone.
attachment-taken = Added by
attachment-fetch = Fetch from the office ({ $size })
attachment-fetching = Fetching…
attachment-save = Save a copy
camera-nothing = No photo was taken, and nothing was changed. If the camera did not open, allow it in the phone’s settings, or choose a file.
file-nothing = Nothing was chosen, and nothing was changed.
stamp = The customer’s stamp
stamp-hint = If the customer stamps the report, photograph the stamp before the signature: the signature then covers it.
stamp-photo = Photograph the stamp
receipt-here = On this phone
receipt-sending = Sending, { $percent } %
receipt-received = On the server, hash matched
receipt-seen = Seen by the office, { $when }
files-waiting = { $count ->
    [one] 1 photo or file only on this phone ({ $size })
   *[other] { $count } photos and files only on this phone ({ $size })
}
files-going = Being sent.
files-wait-offline = Goes by itself once there is coverage.
files-wait-records = Goes after the edits of its job.
files-wait-network = Waits for Wi-Fi, as you have chosen.
files-wait-budget = The allowance of this month is used up.
files-send-now = Send now all the same
files-rule = Photos over mobile data
files-rule-text = Your words and the customer’s signature always go at once. Photos and files are larger.
files-rule-always = Always
files-rule-up-to = Up to { $count } MB a month
files-rule-unmetered-only = Wi-Fi only
files-used = { $size } this month

## What the stage asks for
guide = What this stage asks for
done = Done
task-hand-over = Hand over to somebody
task-accept = Accept the job
task-checklist = Checklist
task-plan = Time of work
task-depart = Departure
task-arrive = Arrival
task-met = Courtesy visit to the person in charge
task-plan-signed = Plan confirmed by the customer
task-step = Work steps
task-report = Service report
task-sign = Customer’s signature
task-promises = Promises kept
task-file = Filed
hand-over-waiting = To be handed over: { $when }
hand-over-soon = Time to hand over runs out: { $when }
hand-over-over = Not handed over; was due: { $when }
hand-over-short-soon = Hand over soon
hand-over-short-over = Not handed over
take-over = Take over

## Preparation
next-prepare = Prepare the journey
next-ask = Ask the manager for approval
next-approve = Approve the preparation
next-pack = Pack what is on the list
next-announce-to = Announce the arrival: to whom?
next-announce = I have announced my arrival
task-prepare = Preparation
task-approve = Approval by the manager
task-pack = Packed
task-announce = Arrival announced to the customer
told-asked = The manager will be asked
told-approved = Preparation approved
told-announced = Recorded as announced
approval-given = Approved
approval-waits = Waits for approval
packing-empty = Nothing to take along yet.
add-packing = Add something to take along
tally-packed = { $done } of { $all } packed
change-of = Change: { $name }
known-of-customer = From the customer dossier
warranty = Warranty
valid-until = until { $date }
over-since = ended { $date }

## Reports, remote work, the end of a job
next-window = Agree on a window
next-findings = Write down the findings
next-plan-items = Plan the work
next-tell = Report now
next-risky = Tick the risky operations
next-confirm = Record the customer’s confirmation
next-tell-result = Tell the customer’s manager the result
next-follow-up = Record the follow-up call
task-window = Agreed window
task-findings = Findings, nothing changed yet
task-plan-items = Plan
task-tell = Report that is due
task-risky = Risky operations
task-confirm = Confirmed by the customer
task-tell-result = Customer’s manager told
task-follow-up = Follow-up call
response-waiting = Respond by { $when }
response-soon = Respond soon, by { $when }
response-over = No response yet; promised by { $when }
on-site-waiting = Be on site by { $when }
on-site-soon = Be on site soon, by { $when }
on-site-over = Not on site; promised by { $when }
recovery-waiting = Solved by { $when }
recovery-soon = To be solved soon, by { $when }
recovery-over = Not solved; promised by { $when }
clocks-paused = The clocks are paused.
report-waiting = Next report due: { $when }
report-soon = Report due soon: { $when }
report-over = Report missed since { $when }
follow-up-waiting = Follow-up call due: { $when }
follow-up-soon = Follow-up call due: { $when }
follow-up-over = Follow-up call due since { $when }
reports-empty = Nobody was told yet.
add-report = Record a report
tally-reports = { $count ->
    [one] 1 report
   *[other] { $count } reports
}
safety-none = The plan has no safety notes. Stop and think what can go wrong.
measures-taken = I have read this, and the measures are in place.
carried-out = Carried out
plan-and-work = Plan and work
not-carried-out = Not carried out
plan-and-work-times = Planned: { $planned } min. Work: { $steps } steps, { $worked } min.
follow-ups-empty = Nobody has called again yet.
add-follow-up = Record a call
tally-follow-ups = { $count ->
    [one] 1 call
   *[other] { $count } calls
}
open-following = Open a job for it
told-following = New job opened; it names this one
open-followed = Open the job before
filing-lacks = Cannot be filed yet. Missing: { $what }

## Software backups
backups-empty = No backup entered yet.
backups-need-customer = Backups stand in the customer’s dossier. Choose the customer first.
choose-the-customer = Choose the customer
add-backup = Enter a backup
newest-good-version = Newest good version
not-tested = Not tested
backup-tested = Tested now
approve = Approve
found-backup = Backups

## Promises
promise = Promise
add-promise = Add a promise
promises-empty = Nothing was promised.
promises-hint = What you tell the caller will happen, by when, and who sees to it.
promise-due = Due: { $when }
promise-kept = Kept { $when }
promise-withdrawn = Withdrawn
promise-keep = Kept
promise-withdraw = Withdraw
withdraw-needs-reason = Write down why it no longer stands.
told-kept = Promise kept
nobody-named = Nobody named
tally-promises = { $count ->
    [one] 1 promise
   *[other] { $count } promises
}

## A call
call-who = Who is calling
call-problem = The problem
call-handling = How it is handled
call-taker = Who takes it on
taker-office = The service desk hands it out
taker-me = I take it on myself
taker-later = Decide later
symptom-hint = In the caller’s words, one point a line.
you-are = { $name } (you)
soon-in-an-hour = In an hour
soon-this-evening = Today 18:00
soon-tomorrow-noon = Tomorrow 12:00
soon-in-three-days = In three days

## Writing a field
draft-kept = You had not saved this yet.
draft-discard = Discard
not-saved-yet = Not saved yet
needed = Needed
report-lacks = Still missing: { $fields }

## Conflicts
conflicts-title = { $count ->
    [one] Two people wrote the same field
   *[other] Two people wrote the same { $count } fields
}
conflicts-settled-title = Two people wrote at once; a rule decided
conflict-choose = Choose
conflict-keep = Keep
conflict-counts = Counts
conflict-settled = Settled. Both values stay in the history.
conflict-both = Keep both
conflict-third = Write another

## Changed by others
overruled-title = Changed by others
overruled-count = { $count ->
    [one] 1 of your values was changed by others
   *[other] { $count } of your values were changed by others
}
overruled-text = Somebody wrote the same field at the same time, and another value counts now. Yours is kept in the record, too.
overruled-mine = Yours
overruled-counts = Counts now
overruled-agree = Agree
overruled-choose = Use mine
overruled-none = Nothing of yours was changed by others.
rule-person = Somebody saw the values and chose

## Sign-off
have-it-signed = Have it signed
sign-title = Sign-off
sign-begin = Sign now
signatory = Who signs
signs-as-deputy = Signs as a deputy
choose-outcome = Choose what the customer says.
reservations-needed = Write down what is not accepted.
refusal-reason = Why it is refused
statement-accepted = { $purpose ->
    [plan] I have read the maintenance plan and accept it.
   *[other] I have read the service report and accept it.
}
statement-accepted-with-reservations = { $purpose ->
    [plan] I have read the maintenance plan and accept it with the reservations named.
   *[other] I have read the service report and accept it with the reservations named.
}
statement-refused = { $purpose ->
    [plan] I have read the maintenance plan and refuse it for the reasons named.
   *[other] I have read the service report and refuse it for the reasons named.
}
signature-of = Signature of { $name }
signature-undo = Undo
signature-clear = Clear
signature-accept = Accept signature
drawn-signature = Drawn signature
signoffs-empty = Nothing signed yet.
told-amended = Opened again. Have it signed anew when the changes are made.
late-short = { $count } beside the signature
signed-on-phone-of = On the phone of { $name }
signed-at = Signed
signoff-valid = Signature holds
signoff-invalid = Signature does not hold
signoff-invalid-text = The signed content or its signature was altered. Do not rely on this sign-off.
signoff-changed-since = Record changed since
proof-title = Proof of the sign-off
proof-text = The customer can photograph this code. It names the signed content exactly and can be compared with the report at any time.
proof-not-qualified = The drawing is evidence of agreement, not a qualified electronic signature.

## Customers
search-customers = Search name, address …
reports-to = Reports to { $name }
warranty-until = Warranty until { $date }
warranty-over = Warranty ended { $date }
back-to-list = Back to the list
open-job = Open the job
open-new-job = Open the job
no-checklist = None

## Me and this phone
sending = Sending
all-sent = Everything you wrote has reached the office.
all-sent-but-files = Every word has reached the office. Photos and files follow.
unsent-in-jobs = { $count ->
    [one] In 1 job, since { $since }. Kept on this phone until the office has it.
   *[other] In { $count } jobs, since { $since }. Kept on this phone until the office has it.
}
last-sync = Last contact with the office
last-problem = Last attempt
sync-now = Send and receive now
syncing = Sending and receiving …
evacuation = Without any network
evacuation-text = What is unsent can leave this phone as a file. Only the office can read it, and nobody can change it. Any colleague’s phone takes it there, as often as you like: nothing is added twice. Photos and files go with it.
evacuation-save = Save what is unsent as a file
evacuation-take = Take in a colleague’s file
parcel-saved = { $count ->
    [one] File with 1 edit saved. It stays on this phone, too.
   *[other] File with { $count } edits saved. They stay on this phone, too.
}
parcel-saved-files = { $count ->
    [one] One photo or file goes with it.
   *[other] { $count } photos and files go with it.
}
parcel-files-left = Its photos and files: { $percent } % are with the office.
parcel-files-there = The office has its photos and files, too.
parcel-taken = Taken in. It goes to the office with the next contact.
parcel-of = { $count ->
    [one] { $name }: 1 edit
   *[other] { $name }: { $count } edits
}
parcel-made = Written { $when }
parcel-waiting = Waits for coverage.
parcel-delivered = The office has it since { $when }.
parcel-refused = { $count ->
    [one] 1 edit was not accepted; its author will be told.
   *[other] { $count } edits were not accepted; their author will be told.
}
this-phone = This phone
clock-wrong = This phone’s clock is wrong
clock-ahead = It is { $by } ahead of the office. Please set it right in the phone’s settings. Nothing is lost: the office notes its own time beside this phone’s.
clock-behind = It is { $by } behind the office. Please set it right in the phone’s settings. Nothing is lost: the office notes its own time beside this phone’s.
unsent-signature = Customer’s signature
unsent-signature-since = Only on this phone since { $since }
room = Room
room-left = { $used } used, { $free } free
ready = Ready for no coverage
not-ready = Not ready for no coverage yet
ready-record = The job with everything in it
ready-dossier = The customer’s file
ready-catalog = Checklists and people
ready-app = The app itself
ready-here = on this phone
ready-missing = not yet
article-withdrawn = The office has withdrawn this article.
ready-storage = The browser’s promise to keep it
storage = Storage
storage-asking = Asking the browser …
storage-granted = The browser keeps your records until you sign out.
storage-refused = The browser has not promised to keep the records when storage runs low. Add Docket to the home screen, and send your work often.
app-offline = Without coverage
app-offline-ready = The app is on this phone and opens without coverage.
app-offline-not-yet = The app is not stored for use without coverage yet.
home-screen = Home screen
home-screen-offer = Opens faster and keeps records more safely.
home-screen-how = In the browser’s menu: “Add to home screen”.
home-screen-add = Add to home screen
language = Language
theme = Appearance
theme-light = Light
theme-dark = Dark
as-phone = As the phone
sign-out = Sign out
sign-out-text = Your records are removed from this phone. They are all at the office.
sign-out-blocked-files = { $count ->
    [one] 1 photo or file has not reached the office. Signing out would lose it, so it is not possible now. Find coverage and tap “Send and receive now”.
   *[other] { $count } photos and files have not reached the office. Signing out would lose them, so it is not possible now. Find coverage and tap “Send and receive now”.
}
sign-out-blocked = { $count ->
    [one] 1 edit has not reached the office yet. Signing out would lose it, so it is not possible now. Find coverage and tap “Send and receive now”.
   *[other] { $count } edits have not reached the office yet. Signing out would lose them, so it is not possible now. Find coverage and tap “Send and receive now”.
}

withdrawn-all-in = Nothing is left to hand in. The office decides about it; you can sign out.
has-left = No longer yours

## Waiting for the office
held-title = Waiting for the office
held-count = { $count ->
    [one] 1 entry waits for the office’s decision
   *[other] { $count } entries wait for the office’s decision
}
record-long = This record is getting long. Further work belongs in a follow-up job.
record-full = This record is full. It can still be finished, signed and closed; new entries and longer texts belong in a follow-up job.
held-in-job = { $count ->
    [one] 1 entry here waits for the office’s decision
   *[other] { $count } entries here wait for the office’s decision
}
held-text = These entries have reached the office, which still has to decide about them. You need not do anything; your words are kept here until then.
held-none = Nothing waits.
held-gone = The job is no longer on this phone.

## Not accepted
office-says = The office writes:
reason = Reason
signoff-as-signed = As the customer signed it
refused-again = Try again
refused-made-again = Written again. It will be sent as a new entry.
refused-export-all = Export all as a file
refused-title = Not accepted
refused-count = { $count ->
    [one] 1 entry not accepted
   *[other] { $count } entries not accepted
}
refused-text = The office did not accept these entries. Your words are kept here until you let go of them.
refused-none = Everything was accepted.
refused-other = The office gave the reason “{ $code }”.
refused-forget = Done with it
refused-forget-title = Let go of this entry?
refused-forget-text = Its words are then gone from this phone. Export or copy them first if you may need them.

give-job = Hand over here
give-text = A colleague beside you takes this job over, without any network. They become a helper. Your phone keeps everything.
give-to = Who takes it over?
give-nobody = There is no other engineer in your organisation.
give-ready = For { $name }
give-edits = { $count ->
    [0] The office has everything in it.
    [one] 1 edit in it has not reached the office.
   *[other] { $count } edits in it have not reached the office.
}
give-file = Pass on as a file
give-how = On the other phone: Me, then “Take a job over”. Whoever reaches the office first brings everything, and once.
give-other = To somebody else
take-job = Take a job over
take-text = A colleague beside you hands a job over, without any network. It is on this phone at once, with everything in it, and you go on.
take-file = Choose the file
take-done = The job is on this phone. The office gets everything with the next contact.
taken-from = From { $name }’s phone, not yet at the office.
give-codes = Show codes to scan
give-codes-how = Hold the other phone’s camera over the codes until it has all of them.
frames-shown = { $place } of { $count }
take-scan = Scan the codes
scan-camera = What the camera sees
scan-progress = Codes read
scan-look = Hold the camera over the codes on the other phone.
scan-read = { $read } of { $count } read
scan-refused = The camera may not be used. Allow it in the phone’s settings, or have the job passed on as a file.
scan-no-camera = There is no camera to be had. Have the job passed on as a file.

## The lock
locked = This phone is locked
locked-text = Your records are here, sealed. Enter your PIN.
locked-wait = Too many wrong PINs. Try again at { $until }; nothing is lost.
locked-office = With coverage, your name and password open it. Everything recorded is kept; the PIN is taken away.
locked-no-office = The office has not been reached since this PIN was chosen, so only the PIN opens this phone. Nothing is lost.
unlock = Unlock
pin = PIN
pin-again = The same again
pin-lock = PIN lock
pin-on = On
pin-off = Off
pin-text = Locks the records when the app starts, and when it was away for five minutes. If you forget the PIN, your name and password open the phone with coverage.
pin-no-office = The office cannot open this phone yet: it has to be reached once. Until then do not forget the PIN.
pin-choose = Lock with this PIN
pin-remove = No PIN
pin-chosen = Locked with your PIN from now on
pin-removed = No PIN any more
pin-short = At least { $count } digits, please.
pin-differs = The two are not the same.
pin-forgotten = I forgot the PIN
pin-after-all = Enter the PIN after all
