# The console and the verify page: what the office reads.

## The frame of every page
skip-to-content = Skip to the content
navigation = Pages
pages-beside = Pages of this part
search-jobs = Search jobs
nav-board = Jobs
nav-held = To decide
nav-dossiers = Customers
nav-people = People
nav-verify = Check a proof
sign-in = Sign in
sign-out = Sign out
save = Save
cancel = Cancel
edit = Edit
add = Add
filter = Apply
yes = Yes
no = No
empty = empty
nothing-yet = Nothing yet
attachment-pending = Not yet received from the phone
attachment-received = Received { $when }, hash matched
attachment-open = Save the file
somebody = Somebody who has left
at-the-desk = At the desk
you = you
print = Print
times-shown-in = Times in { $zone }

## Moments
day-today = Today
day-tomorrow = Tomorrow
day-yesterday = Yesterday
day-this-year = { $weekday } { $day } { $month }
day-other-year = { $day } { $month } { $year }
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
device-time = Phone clock
server-time = Arrived

## Signing in
sign-in-title = Sign in to the console
sign-in-login = Account
sign-in-password = Password
sign-in-phone = Engineers work in the phone app:
sign-in-phone-link = open it here
sign-in-verify = No account, but a signed proof to check?
signed-out = You are signed out.
sign-in-expired = Your session has ended. Please sign in again; nothing was lost.

## The board
board-title = Jobs
board-count = { $count ->
    [one] { $count } job
   *[other] { $count } jobs
  }
board-empty = No job matches.
board-cut = More than { $count } jobs contain these words; the newest of them are shown. Add a word to see others.
board-count-more = More than { $count } jobs
board-all-of-stage = Show all { $count }
board-next = Next { $count }
board-first = Back to the most urgent
live-on = Live
live-lost = No connection to the server, trying again
new-job = New job
all-open = All open
any-level = Any level
any-engineer = Any engineer
filter-clear = Clear
changed-last = Last change
flags = Conflicts and signature
nobody-yet = Nobody yet
overdue = Overdue
conflicts-open = { $count ->
    [one] { $count } conflict waits for a decision
   *[other] { $count } conflicts wait for a decision
  }

## A job
two-values = Two people wrote different things here
content-locked = Signed, content locked
conflicts-explained = Two people wrote these fields at the same time. Every value is kept; choose the one that counts.
conflicts-settled = Settled by rule
conflict-locked = The customer has signed this field. It can be settled once the report is amended; until then all values stay on record.
value = Value
value-shown-now = Shown now
value-now = Now
use-this-value = Use this value
value-shown-then = Shown until then
write-a-third = Write this instead
assign = Assign
choose-engineer = Choose an engineer
choose-helper = Choose a helper
helper-switch = Add or release
helps-now = helps now
archive-job = Archive
unarchive = Back from the archive
removed = removed
notice-saved = Saved.
notice-unchanged = Nothing was changed.
notice-assigned = Assigned to { $name }.
notice-created = The job is open.
notice-chosen = Chosen. The other values stay in the history.
notice-archived = Archived.
notice-approved = Approved.
filing-lacks-here = Cannot be filed yet. Missing:
report-missed = Report missed since
follow-up-due = Follow-up call due
newest-good = Newest good version
approve-backup = Approve
approval-waits-here = The engineer asks for approval of the preparation.
approve-preparation = Approve the preparation
notice-amended = Opened again. The signed version is kept; have it signed anew when the changes are made.
notice-unarchived = Back from the archive.
notice-helper = Helpers changed.

## History of a job
history-opened = Opened the job
history-opened-record = Opened the record
history-set = { $field }: { $value }
history-emptied = { $field }: emptied
history-wrote = { $field }: “{ $text }”
history-rewrote = { $field }: text changed
history-added = { $what } added
history-added-text = { $what } added: { $text }
history-assigned = Assigned to { $name }
history-helper-on = Helper added: { $name }
history-helper-off = Helper released: { $name }
history-ticked = Done: { $text }
history-unticked = Open again: { $text }
history-signed = { $purpose }: signature of { $name }
history-amended = Amendment: { $reason }
history-nothing = A change without content

## Sign-offs
signoff-none = Not signed yet
signoff-valid = Valid
signoff-invalid = Does not hold
signoff-proof = Proof
signoff-changed-beside = Changed beside the signed version
signoff-changed-since = Changed since the amendment
signed-version = Signed version
back-to-job = To the job
late-before = arrived before the signature
late-after = arrived after the signature
drawn-signature = Drawn signature
proof-download = Download proof
proof-signed-at = Signed (phone clock)
proof-received-at = Arrived (server clock)
proof-engineer = Signed on the phone of
proof-device = Phone
proof-device-key = Phone’s key
proof-version = Version signed
proof-seq = Position in the log
proof-chain = Chain hash
proof-countersigned = Countersigned by server key

## New job
new-job-customer = Customer
new-job-customer-type = Type a part of the name
new-job-customer-which = Which one?
new-job-customer-more = and others; type more of the name
new-job-customer-other = No customer is called that; the name goes into the form below.
new-job-continue = Continue
new-job-problem = The problem
new-job-who = Customer and caller
new-job-how = Urgency and handling
new-job-give = Give it to
new-job-later = Nobody yet
new-job-checklist = Checklist
new-job-no-checklist = No checklist
new-job-open = Open the job
open-jobs-count = { $count ->
    [0] no open job
    [one] { $count } open job
   *[other] { $count } open jobs
  }

## Customers
dossiers-count = { $count ->
    [one] { $count } customer
   *[other] { $count } customers
  }
dossier-about = Customer
dossier-new = New customer
dossier-new-name = Name of the customer
dossier-jobs = Jobs
dossier-no-jobs = No job yet
dossier-promises = Open promises
dossier-sites = Sites
dossier-equipment = Equipment
dossier-contacts = Contacts
dossiers-search = Search customers
dossiers-none-found = No customer is called that.
dossiers-next = The next { $count }
dossiers-before = The { $count } before

## Assets: the equipment of all customers
assets-title = Assets
assets-count = { $count ->
    [one] { $count } piece of equipment
   *[other] { $count } pieces of equipment
  }
assets-all-kinds = All kinds
assets-no-kind = Without a kind
assets-unnamed = Without a name
assets-search = Serial number, model or name
assets-any-site = Any site
assets-any-kind = Any kind
assets-any-warranty = Any warranty
assets-none-found = No equipment matches.
assets-next = The next { $count }
assets-first = Back to the beginning
warranty-filter-soon = Ends within 90 days
warranty-filter-over = Has ended
warranty-filter-running = In warranty
warranty-ended = ended
warranty-soon = ends soon
asset-history = History of this equipment
asset-import-title = Import equipment
asset-import-explained = A table with the columns of the file above, as CSV or XLSX. You see first what it would add and change; nothing is written before you say so. Equipment is known by its customer and serial number, or by its name where it has none. Empty cells change nothing.
asset-import-file = Table
asset-import-check = Show what it would do
asset-import-read = Read as { $format }
asset-import-would = { $added } new, { $changed } changed, { $faults ->
    [one] { $faults } line
   *[other] { $faults } lines
  } not usable.
asset-import-same = { $count ->
    [0] {""}
    [one] { $count } line says what is there already.
   *[other] { $count } lines say what is there already.
  }
asset-import-nothing = There is nothing to change.
asset-import-do = Import now
asset-import-done = { $added } added, { $changed } changed.
asset-import-changed = The dossiers have changed since. Nothing was imported; look again and confirm.
asset-import-faults = Lines that cannot be used
asset-import-column = Column
asset-import-changes = Changes
asset-import-differences = What changes
asset-import-additions = New equipment
asset-import-another = Another table
asset-import-cut = Only the first { $count } are shown.
asset-file-empty = The file is empty.
asset-file-no-headings = The first line must name the columns, at least customer and equipment (用户, 设备名称).
asset-file-no-table = This file is no CSV and no XLSX, or it is damaged. Save it again as CSV or XLSX.
asset-file-too-large = The file is too large: at most 4 MB and 20,000 lines. Split it, one part after the other.
asset-too-long = Longer than { $count } characters; shorten it.
asset-customer-missing = It does not say whose it is; write the customer’s name.
asset-customer-unknown = There is no customer “{ $text }”; correct the name, or open the customer first.
asset-customer-twice = Several customers are called “{ $text }”; give them different names first.
asset-name-missing = It has no name; write one.
asset-rounded = The spreadsheet has shortened this number to “{ $text }”; format the column as text and write it again.
asset-again = The same equipment stands in line { $line }; keep one of the two.
asset-ambiguous = The customer has “{ $text }” more than once; settle that in the dossier first.

## People
people-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
  }
people-login = Account
people-devices = Phones and browsers
people-open-jobs = Open jobs
people-last-seen = last seen { $moment }
people-revoked = revoked
people-inactive = account closed
people-no-device = no phone yet

people-done = Done.
people-revoke-device = Withdraw …
people-revoke-explained = The phone is refused from its very next contact. What is unsent on it can still be handed in, and then waits under “To decide”.
people-revoke-really = Withdraw { $name }
people-restore-device = Let it be used again
people-close = Close the account …
people-close-explained = All phones and consoles of this person are refused from the very next contact. What is unsent can still be handed in, and then waits under “To decide”.
people-close-really = Close the account of { $name }
people-reopen = Open the account again
people-change-role = Change …
people-role-explained = What was written before the phone could know of it waits under “To decide”.
people-one-time = one-time password
people-sign-out = Sign out there
people-give-password = Password forgotten …
people-give-password-explained = A one-time password is shown to you, now and never again. All consoles and phones of this person are signed out; nothing on the phones is lost. At the next console sign-in they choose a password of their own.
people-give-password-really = Give { $name } a one-time password
people-login-taken = There is already an account with this name to sign in. Nothing was opened.
people-bad-name = A name, and a name to sign in, have 1 to 100 letters. Nothing was opened.
people-shared = One account, several hands?
people-shared-explained = An account is for one person alone. Ask; withdraw the phone that does not belong there, or sign the browser out and have the password changed. This goes away once one of both is withdrawn.
people-shared-phones = { $name }: used on a phone not seen before while another one was in use ({ $moment }): { $one }, { $other }.
people-shared-browsers = { $name }: used in a browser not seen before while another one was in use ({ $moment }): { $one }, { $other }.
account-open = Open an account
account-open-explained = One person, one account. The password is shown to you once; its owner chooses another at the first console sign-in.
one-time-title = One-time password
one-time-explained = Tell { $name } these two in person. They are shown only now. The first time at the console, { $name } is asked to choose a password of their own.
one-time-until = Can be used until
one-time-back = Back to the people
browser-chrome = Chrome
browser-edge = Edge
browser-firefox = Firefox
browser-safari = Safari
browser-other = A browser

## Own password
password-title = Change password
password-explained = All your other consoles and phones are signed out at once. Nothing on the phones is lost: they keep everything and send it once you have signed in again.
password-one-time = Your password is a one-time password. Choose one of your own to go on.
password-given = One-time password
password-old = Present password
password-new = New password
password-again = New password once more
password-rule = At least { $count } characters. A sentence that only you would think of is best; digits and signs are not needed.
password-change = Change the password
password-done = The password was changed.
password-ended = { $count ->
    [0] There was no other sign-in.
    [one] One other sign-in has ended.
   *[other] { $count } other sign-ins have ended.
  }
password-not-twice = The new password was not typed the same twice. Nothing was changed.
password-same = The new password is the present one. Nothing was changed.
password-short = The new password needs at least { $count } characters and may not be the name you sign in with. Nothing was changed.
password-old-wrong = The present password is not right. Nothing was changed.

## Audit log
audit-title = Audit log
audit-explained = Sign-ins, accounts, phones, passwords, settings and data that was saved as files. What was done to jobs stands in each job’s history. Every entry carries a digest that covers all entries before it: keep an export, and “docket audit” tells later whether they still say the same.
audit-none = Nothing was found.
audit-number = No.
audit-when = When
audit-who = Who
audit-deed = What
audit-with = With
audit-digest = Digest
audit-anybody = Anybody
audit-any-tool = Any phone
audit-any-kind = Anything
audit-search = Search the log
audit-older = Older
audit-newest = Newest
audit-nobody = Nobody signed in
audit-operator = Operator
audit-kind-sign-ins = In and out
audit-kind-refused = Refused, or odd
audit-kind-accounts = Accounts and roles
audit-kind-tools = Phones and browsers
audit-kind-passwords = Passwords
audit-kind-taken = Data saved as files
audit-kind-settings = Settings
audit-tool-phone = A phone
audit-tool-browser = A browser
audit-tool-program = A program
audit-tool-command-line = Command line
audit-signed-in = Signed in
audit-signed-out = Signed out
audit-sign-in-refused = Was not let in with the name { $detail }
audit-sign-in-copied = A copy of a sign-in came back; that sign-in was ended
audit-sign-in-foreign = Somebody wanted to go on with a sign-in of { $name } without the key of its phone, and was not let in
audit-phone-unlocked = Opened a phone with the password instead of its PIN
audit-account-opened = Opened an account for { $name }: { $detail }
audit-account-closed = Closed the account of { $name }
audit-account-reopened = Opened the account of { $name } again
audit-role-changed = { $name } is now: { $detail }
audit-device-enrolled = Signed in on { $detail } for the first time
audit-device-revoked = Withdrew the phone { $detail } of { $name }
audit-device-restored = Let the phone { $detail } of { $name } be used again
audit-browser-signed-out = Signed { $name } out in { $detail }
audit-used-together = Used at the same time as { $detail }, with the same account, for the first time
audit-password-changed = Changed the password; other sign-ins that ended: { $detail }
audit-password-refused = Wanted to change the password of { $name } with a wrong one
audit-password-given = Gave { $name } a one-time password
audit-table-taken = Saved a table as a file: { $detail }
audit-document-taken = Saved a document as a file: { $detail }
audit-settings-changed = Changed settings: { $detail }

## Held work
held-explained = This was written by people who could not know that they no longer might: without coverage, or on a phone that was withdrawn. None of it is in its job yet. Accept it, and it enters the job as theirs; or set it aside, with a reason they will read. Nothing is ever deleted.
held-none = Nothing waits for a decision.
held-new-job = A new job
held-accept = Accept
held-set-aside = Set aside
held-note = Reason, which the author will read
held-unreadable = This cannot be shown.
held-not-acceptable = It cannot be accepted as it is: { $reason }
held-decided = Set aside by { $name }, { $moment }: { $note }
held-set-aside-title = Set aside
held-notice-accepted = Accepted. It is in the job now, as its author’s.
held-notice-set-aside = Set aside. The author will be told; you can still accept it.
held-notice-gone = Somebody else has decided on this already.
held-in-job = Work on this job waits for a decision.
held-open = Decide
history-held-accepted = Accepted held work of { $name } ({ $count ->
    [one] 1 entry
   *[other] { $count } entries
  })
history-held-set-aside = Set held work of { $name } aside ({ $count ->
    [one] 1 entry
   *[other] { $count } entries
  })

## Checking a proof
verify-title = Check a proof
verify-explained = Choose a document as PDF, or the proof file of a sign-off. It is checked here: whether it is as it was printed, the exact content, the customer’s signature, the phone’s key and the server’s receipt. No account is needed, and the file is not kept.
verify-file = PDF or proof file
verify-check = Check
verify-valid = This proof is valid.
verify-valid-explained = Not one byte of it was changed since the server received it.
verify-invalid = This proof does not hold.
verify-own-key = Countersigned by this server.
verify-other-key = Countersigned by another server. Compare its key with the one that organisation publishes:
verify-no-file = Choose a file first.
verify-signed-content = What was signed
verify-another = Check another file
proof-malformed = The file is not a proof or a document with one, or it was changed after it was exported.
proof-statement = The signed statement is damaged.
proof-device-signature = The phone’s signature does not fit the statement: the statement was changed, or another phone signed it.
proof-drawing = The drawn signature is not the one that was signed.
proof-content = The content is not the one that was signed: something in it was changed.
proof-receipt = The server’s receipt belongs to another sign-off.
proof-server-signature = The server’s signature does not fit its receipt: the receipt was changed, or another server signed it.
proof-other-server = The proof is intact, but it was countersigned by another key than the one given.

## When something does not work
error-title = That did not work
error-title-not-found = Not found
error-home = To the jobs
at-setup = Set up at the command line
plan-items = Planned work
trouble-not-found = There is nothing here, or it is not yours to see.
trouble-malformed = The form could not be read. Go back, reload the page and try again; nothing was changed.
trouble-unavailable = The server cannot do this right now. Nothing was changed; try again in a moment.

## Knowledge base
nav-articles = Knowledge
articles-count = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
articles-none = No article yet. A solved job is a good beginning: open it and make an article of it.
article-new = New article
article-new-title = Title of the article
article-from-job = Make an article of this
article-job = The job it was learnt from
