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
demo-console = Console
demo-phone = Phone app
demo-phone-network = On a phone of this network
demo-phone-note = A phone installs the app, and works without coverage, only over https or on localhost. Over plain http the app opens but keeps nothing.
demo-accounts = Accounts
demo-password = The password of everybody is
demo-stop = Ctrl-C stops the server; what you did stays.
