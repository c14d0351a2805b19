-- Bytes that rot are noticed when they are read, and set aside until a whole record comes.

-- SHA-256 of `base`, hex.
alter table records add column base_digest text;

-- 1 once the stored bytes of a record did not add up; 0 again with the next whole one.
alter table records add column damaged integer not null default 0;
