-- Jobs taken over from a colleague's phone, without the office.

-- `changes.state` knows one more: 'carried' (came from a colleague's phone; their phone keeps it
-- until the office has it, this one shows it and never sends it as its own).
-- `records.left_scope` knows one more: 2 (here by hand, and not the office's to show us yet).

-- From whose phone, while something of the record is carried.
alter table records add column taken_from text;
create index records_taken on records (record, taken_from) where taken_from is not null;

-- The job that a file hands over; null for one that only has to reach the office.
alter table parcels add column record blob;
create index parcels_waiting on parcels (record)
    where record is not null and delivered_at is null and problem is null;
