-- The list asks these of every job; they stand behind `base` in the row, which it should not read.
create index records_left on records (record) where left_scope = 1;
create index records_damaged on records (record) where damaged = 1;
