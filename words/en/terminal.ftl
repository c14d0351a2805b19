# The command line: what the terminal says.

## Importing and exporting the record table
row-encoding = not readable in the file’s encoding
row-date-missing = there is no date
row-date-unclear = “{ $text }” is not a date; write 2026-11-03
row-description-missing = there is no description
row-solved-unclear = “{ $text }” is neither yes nor no
row-too-long = { $heading } is longer than { $count } characters
row-too-many-cells = more cells than headings; is a comma not inside quotes?
csv-empty = The file is empty.
csv-no-headings = The first line must name the columns, at least date and description (日期, 问题描述).
import-read = { $file }, { $encoding }
import-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
  } read
import-added = { $count ->
    [one] { $count } job
   *[other] { $count } jobs
  } opened
import-known = { $count } already there
import-bad = { $count } not imported
import-line = Line
import-reason = Reason
import-no-record = { $file } is no record: not an Automerge document, damaged, or too large. Nothing was imported.
import-record-done = { $number } imported ({ $count } changes)
import-record-refused = Nothing was imported, because these changes are not accepted:
import-change = Change
import-field = Field
import-unknown-headings = Columns left out: { $names }
import-strangers = Without an account, kept in the description: { $names }
export-done = { $count ->
    [one] { $count } job
   *[other] { $count } jobs
  } written to { $file }
no-clerk = Nobody with the role service desk or manager has an account here; name one with --as.
no-such-person = Nobody with the account “{ $login }” may do this here.
data-in-use = A Docket server is running on this data folder. Stop it first, or use another folder; nothing was changed.
file-unreadable = { $file } cannot be read: { $reason }
file-unwritable = { $file } cannot be written: { $reason }

## Checking a proof
terminal-valid = Valid
terminal-invalid = Does not hold
terminal-compare-key = Compare this key with the one the organisation publishes, or give it with --server-key.
terminal-key-matches = The server key is the one given.

## The demo
demo-seeding = Filling { $folder } with a believable organisation
demo-kept = Using { $folder } as you left it; delete it to begin again
demo-opened = { $count } jobs so far
demo-console = Console
demo-phone = Phone app
demo-phone-network = On a phone of this network
demo-phone-note = A phone installs the app, and works without coverage, only over https or on localhost. Over plain http the app opens but keeps nothing.
demo-accounts = Accounts
demo-password = The password of everybody is
demo-stop = Ctrl-C stops the server; what you did stays.

## After a restore
recover-never = This database was never put back from a backup, as far as anyone can tell.
recover-noticed = Put back from a backup; noticed { $at }
recover-lost = { $count ->
    [one] { $count } row of the log was
   *[other] { $count } rows of the log were
  } lost
recover-lost-unknown = how much was lost is not known: the mark beside the database is missing, or was put back, too
recover-returned = { $count ->
    [one] { $count } change has
   *[other] { $count } changes have
  } come back from phones
recover-returned-records = they belong to { $count ->
    [one] { $count } job or customer
   *[other] { $count } jobs and customers
  }
recover-waiting = { $count } without proof: they wait for a decision in the console
recover-person = Person
recover-phone = Phone
recover-last-seen = Last seen
recover-brought = Brought back
recover-since = Since the restore
recover-seen = in contact
recover-not-seen = not yet: work may still be on it
recover-next = Nothing has to be done for what phones still hold: each hands it back with its next sync.

## Rebuilding what is derived
rebuild-done = { $count ->
    [one] { $count } record
   *[other] { $count } records
  } and everything derived from the log made again
rebuild-log-broken = The log itself does not hold together: { $reason }. Nothing was changed; put back a backup.

## The audit log
audit-whole = Nothing was altered: the chain is whole up to entry { $to }.
audit-whole-since = Nothing was altered: the chain is whole from entry { $from } to entry { $to }. “docket audit” checks all of it.
audit-missing = Entry { $to } is missing. Somebody has changed the log outside of Docket; keep a copy of the data folder and tell your administrator.
audit-altered = Entry { $to } does not say what it said when it was written. Somebody has changed the log outside of Docket; keep a copy of the data folder and tell your administrator.
audit-cut = The log does not end where it ended: from entry { $to } on it was cut off or added to outside of Docket. Keep a copy of the data folder and tell your administrator.
audit-check-whole = ✓ Nothing was altered: the audit log is whole up to entry { $to }, digest { $digest }
audit-check-kept = ✓ Entry { $number } still has the digest that was kept.
audit-check-other = Entry { $number } has another digest than the one that was kept: the log was written anew since.
