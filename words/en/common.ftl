# The nouns of the product: stages, levels, roles, fields, verdicts, errors.
# Fields are named after their path: intake/due_at -> field-intake-due-at, steps/*/text -> field-steps-text.
# A choice's words are named after the last part of its path: intake/level = critical -> level-critical.

product = Docket
language-name = English

## What records are called
job = Job
jobs = Jobs
dossier = Customer dossier
dossiers = Customers
catalog = Catalog
signoff = Sign-off
signoffs = Sign-offs
amendment = Amendment
service-report = Service report
maintenance-plan = Maintenance plan
step = Step
part = Part
conflict = Conflict
change = Change
device = Device

## Stages of a job
stage = Stage
stage-received = Received
stage-assigned = Assigned
stage-preparing = Preparing
stage-planned = Planned
stage-on-site = On site
stage-reported = Reported
stage-signed = Signed
stage-archived = Archived

## Roles
role-engineer = Engineer
role-desk = Service desk
role-manager = Service manager
role-executive = Executive
role-administrator = Administrator

## Words of the choices
level-minor = Minor
level-normal = Normal
level-major = Major
level-critical = Critical
priority-low = Low
priority-normal = Normal
priority-high = High
priority-urgent = Urgent
mode-phone = By phone
mode-remote = Remote
mode-on-site = On site
action-fitted = Fitted
action-removed = Removed
outcome-solved = Solved
outcome-partly-solved = Partly solved
outcome-unsolved = Not solved

## Sign-off
purpose-plan = Maintenance plan
purpose-report = Service report
signoff-accepted = Accepted
signoff-accepted-with-reservations = Accepted with reservations
signoff-refused = Refused
satisfaction-1 = Poor
satisfaction-2 = Weak
satisfaction-3 = Fair
satisfaction-4 = Good
satisfaction-5 = Excellent
signed-value = Signed
later-value = Written beside it
signoff-amended = Amended
signoff-other-version = Reads differently from the version { $name } signed
this-version = This version
that-version = The other
late-count = { $count ->
    [one] 1 field changed beside the signature
   *[other] { $count } fields changed beside the signature
}
late-explained = Written by people who did not know that it was signed. It is kept, but nobody has signed it.
amend = Open an amendment
amend-reason = Why it has to be changed
amend-explained = What was signed stays as it is, with its proof. The report can then be changed and has to be signed anew.

## Where an edit has got to
sync-on-this-phone = On this phone
sync-carried = By hand
sync-sent = Sent
sync-merged = Merged
sync-held = Waiting for a decision
sync-refused = Not accepted

## Why work waits for a decision
held-no-longer-assigned = The job had been given to somebody else, which could not be known without coverage.
held-role-changed = The role had been changed, which could not be known without coverage.
held-depends-on-held = It builds on an entry that waits for a decision.
held-device-revoked = The phone had been withdrawn; its work was handed in.
held-person-left = The account had been closed; its work was handed in.
held-version-too-old = The app had become too old to sync; its work was handed in.
held-handed-back-unproved = It was handed back after the server was restored, without proof that it had been there.
held-handed-back-forked = It was handed back after the server was restored, and its place had been taken by another entry.

## The rule that chose between concurrent values
rule-register = Both values are kept; one is shown until somebody chooses
rule-text = The words of both are kept
rule-entry = Written once
rule-tick = Done counts before open
rule-worst = The more severe value counts
conflicts-remembered = Settled by people
value-settled = Chosen

## Sections of a job
section-intake = Problem and intake
section-promises = Promises
section-assignment = Assignment
section-checklist = Checklist
section-plan = Maintenance plan
section-visit = Visit
section-steps = Work steps
section-parts = Parts
section-report = Service report
section-signoffs = Sign-offs
section-conflicts = Conflicts
section-history = History
section-amendments = Amendments
section-archive = Archive
section-sites = Sites
section-contacts = Contacts
section-equipment = Equipment
section-people = Colleagues

## Fields of a job
field-intake-opened-at = Opened
field-intake-opened-by = Opened by
field-intake-source = Source
field-intake-dossier = Customer dossier
field-intake-title = Title
field-intake-customer = Customer
field-intake-site = Site
field-intake-equipment = Equipment
field-intake-caller = Caller
field-intake-department = Department
field-intake-phone = Phone
field-intake-symptom = Problem in the caller’s words
field-intake-demand = What the caller asks for
field-intake-category = Problem category
field-intake-level = Fault level
field-intake-priority = Priority
field-intake-mode = Handling
field-intake-due-at = Due
field-promises-at = Made
field-promises-by = Made by
field-promises-text = Promise
field-promises-due-at = Due
field-promises-owner = Who keeps it
field-promises-kept-at = Kept
field-promises-withdrawn = Withdrawn because
field-assignment-lead = Lead engineer
field-assignment-assigned-at = Assigned
field-assignment-accepted-at = Accepted by the lead
field-assignment-helpers = Helpers
field-checklist-position = Position
field-checklist-text = Checklist item
field-checklist-done = Done
field-checklist-done-at = Done at
field-checklist-done-by = Done by
field-checklist-note = Note
field-checklist-removed = Removed from the list
field-plan-start-at = Planned start
field-plan-end-at = Planned end
field-plan-safety = Safety notes
field-plan-items-position = Position
field-plan-items-text = Planned work
field-plan-items-minutes = Minutes
field-plan-items-risky = Risky operation
field-plan-items-removed = Removed from the plan
field-visit-departed-at = Departed
field-visit-arrived-at = Arrived
field-visit-met = Courtesy visit to
field-visit-left-at = Left the site
field-steps-at = Time
field-steps-by = By
field-steps-text = What was done
field-steps-minutes = Minutes
field-steps-risky = Risky operation
field-steps-removed = Removed
field-parts-at = Time
field-parts-by = By
field-parts-name = Part
field-parts-model = Model
field-parts-serial = Serial number
field-parts-quantity = Quantity
field-parts-action = Fitted or removed
field-parts-removed = Entry removed
field-report-symptom = Symptom found
field-report-cause = Cause
field-report-treatment = Treatment
field-report-modifications = Exact modifications
field-report-advice = Advice to the customer
field-report-outcome = Outcome
field-report-open-reason = Why it is not solved
field-report-next-plan = What happens next
field-report-solved-at = Solved
field-report-finished-at = Report finished
field-amendments-at = Amended at
field-amendments-by = Amended by
field-amendments-reason = Reason
field-amendments-signoffs = Signature amended
field-archive-archived-at = Archived

## Fields of a customer dossier
field-name = Name
field-address = Address
field-contract = Contract
field-notes = Notes
field-sites-name = Site
field-sites-address = Address
field-contacts-name = Name
field-contacts-title = Position
field-contacts-phone = Phone
field-contacts-reports-to = Reports to
field-equipment-name = Equipment
field-equipment-model = Model
field-equipment-serial = Serial number
field-equipment-site = Site
field-equipment-warranty-until = Warranty until

## Fields of the catalog
field-organisation = Organisation
field-people-name = Name
field-people-role = Role
field-people-phone = Phone
field-categories-name = Problem category
field-checklists-name = Checklist
field-checklists-items = Items, one a line

## Fields of a sign-off
field-signoff-purpose = What is signed
field-signoff-outcome = What the customer says
field-signoff-reservations = Reservations
field-signoff-name = Name
field-signoff-title = Position
field-signoff-deputy-reason = Why a deputy signs
field-signoff-satisfaction = Satisfaction
field-signoff-remarks = Remarks
field-signoff-digest = Digest of the content

## Errors: what happened, what was kept, what to do
error-unknown-field = This version of the app does not know that field. Nothing was changed.
error-no-such-field = This entry is no longer in the record. Nothing was changed.
error-not-allowed = Your role may not change this. Nothing was changed.
error-locked-by-signoff = The customer has signed this. Nothing was changed; open an amendment first, then have it signed anew.
error-bad-value = This value does not fit here. Your text is kept; correct it and save again.
error-written-once = This was written once and cannot be changed.
error-too-many = The list is full. Nothing was added.
error-already-there = This entry is already in the record.
error-bad-signoff = The sign-off does not hold together. Nothing was signed; please sign again.
error-bad-amendment = An amendment needs a reason and a signature that still binds. Nothing was changed.
error-record-damaged = This record was damaged on this phone. What you wrote is kept; with the next contact the office sends the record whole again.
error-not-found = This record is not on this phone, or no longer yours to see.
error-malformed = That could not be understood. Nothing was changed.
error-not-signed-in = Nobody is signed in on this phone.
error-wrong-password = Name or password is not right.
error-sign-in-needed = The session has ended. Your work is kept; sign in again to send it.
error-sign-out-first = Somebody else is signed in on this phone. That person has to sign out first.
error-token-expired = The session has ended. Your work is kept; sign in again to send it.
error-token-invalid = The session is not valid any more. Your work is kept; sign in again to send it.
error-unknown-device = The office does not know this phone. Your work is kept; sign in again to send it.
error-device-revoked = The office has withdrawn this phone. What you had not sent is handed in by itself; then you can sign out.
error-account-closed = Your account was closed. What you had not sent is handed in by itself; then you can sign out.
error-hand-in-too-late = It is too late to hand in this work by itself. It is kept on this phone; call your manager.
error-hand-in-not-needed = This phone may send again.
error-bad-note = Please write a reason, of at most a thousand letters. Nothing was decided.
error-set-aside = The office has decided not to take this into the record.
error-needs-missing = Something this entry builds on has not reached the office.
error-place-taken = Another entry of the same phone stands in its place.
error-depends-on-held = It builds on an entry that still waits for a decision.
error-nothing-unsent = Nothing is unsent. There is nothing to save as a file.
error-not-a-parcel = This is not a file that Docket wrote, or it is damaged. Nothing was taken in.
error-parcel-not-taken = The office did not take this file. Its author still has everything.
error-not-a-hand-over = This is not a file to take a job over from. Nothing was changed.
error-hand-over-damaged = This file has been damaged on its way. Nothing was changed; have the job passed on again.
error-hand-over-elsewhere = This job belongs to another organisation. Nothing was changed.
error-hand-over-not-yours = This job is handed over to somebody else. Nothing was changed; have it handed over to you.
error-hand-over-held = Some of this job waits for the office’s decision. It can be handed over after that.
error-hand-over-clashes = This file and this phone disagree about who wrote what. Nothing was changed; let both phones reach the office first.
error-unsent-work = There is work that was not sent yet. It must reach the office first.
error-refused-work = There are entries that the office did not accept. Settle them first, under “Not accepted”.
error-offline = No coverage. Everything is kept on this phone and goes out by itself later.
error-server-unavailable = The office’s server does not answer. Everything is kept and goes out by itself later.
error-too-many-requests = Too many attempts. Wait a minute and try again.
error-too-large = This is too large to be sent. It is kept on this phone.
error-not-our-server = This network answers in the office’s place, as hotel and guest networks do. Open a web page to log in to it first.
error-answer-damaged = The answer was damaged on its way. Nothing is lost; it will be asked for again.
error-server-too-old = The server is older than this app. Your work is kept on this phone and is sent once the server is updated.
error-version-too-old = This version of the app is too old to go on. What you had not sent is handed in by itself; please update.
error-changed-while-signing = The record has changed while it was being signed. Nothing was signed; please read again.
error-bad-drawing = The drawn signature could not be kept. Please sign again.
error-signatory-missing = The name of the person who signs is missing.
error-depends-on-refused = It builds on an entry that was not accepted.
error-signed-version-changed = The signed version is not the one the office knows.
error-not-a-change = The office could not read this entry.
error-change-damaged = This entry was damaged on its way.
error-change-checksum = This entry was damaged on its way.
error-change-actor = This entry does not come from this phone.
error-change-too-large = This entry is too large.
error-change-too-many = There are too many changes at once.
error-change-unreadable = This entry is in order, but the server could not show it. Nothing of it is lost; tell your administrator.
error-change-parents = This entry does not say properly what it builds on.
error-change-message = This entry carries something that is not for anybody.
error-change-time = The time of this entry is no time a calendar knows.
error-unknown-object = It writes into something that is not there.
error-key-mismatch = It writes into something in a way that does not fit.
error-unknown-predecessor = It replaces something else than what stood there.
error-record-full = This record is full. Fields, ticks and signatures still go in; new entries and longer texts belong in a follow-up job.
error-storage-full = The phone’s storage is full. Nothing was lost, but this was not saved. Free some space and save again.
error-storage-failed = The phone’s storage did not answer. This was not saved; try again.
error-storage-busy = Another window still holds the record. Close it and try again.
error-storage-unsupported = This browser cannot keep records on the phone. Please use a current Chrome, Edge, Safari or Firefox, not in a private window.
error-store-too-new = The records on this phone were written by a newer version of the app. Please update.
error-sqlite-too-old = This build of the app is faulty. Please tell the people who run it.
error-unknown-record = The office has no such record for you. What you wrote is kept under “Not accepted”.
error-no-longer-assigned = This job is no longer yours. The office decides about what you wrote.
error-foreign-actor = This entry does not come from this phone.
error-actor-seq-gap = An entry before this one is missing.
error-start-op = This entry was not counted as it should be.
error-change-empty = This entry contains nothing.
error-change-unsound = The record would not hold together with this entry.
error-not-a-beginning = A record cannot begin like this.
error-no-delete = Nothing in a record may be deleted, only marked as removed.
error-foreign-operation = This entry does something that records do not know.
error-signoff-not-alone = A sign-off has to stand alone. Please sign again.
error-wrong-content-type = That kind of content is not taken here.
error-bad-signature = The phone’s signature does not fit. Your work is kept; sign in again to send it.
error-server-failed = The office’s server made a mistake. Nothing was changed and nothing is lost.
