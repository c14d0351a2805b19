-- What the server is known to have of each record, and its word on that.

-- Heads of the confirmed version, one after the other, sorted; empty while nothing is confirmed.
alter table records add column heads blob not null default x'';
-- The server's word that it had a version with exactly these heads: proof for a restored one.
alter table records add column attest blob;
alter table records add column attest_heads blob;

-- `changes.state` knows two more: 'lost' (was in the server's log and is no more: to be handed
-- back) and 'aside' (its place was taken by another change: kept for the office, not shown).
create index changes_waiting on changes (record) where state <> 'confirmed';
