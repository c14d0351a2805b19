-- What the list says about calls that nobody has yet and about promises, and what the one search
-- box finds in a dossier.

-- By when a call must be handed to somebody; null once it has been.
alter table jobs add column hand_over_by integer;
-- Promises to the caller that are neither kept nor withdrawn, and when the first is due.
alter table jobs add column open_promises integer not null default 0;
alter table jobs add column promise_due_at integer;

-- Sites, contacts and equipment as JSON; null until the dossier is next read.
alter table dossiers add column findable text;
