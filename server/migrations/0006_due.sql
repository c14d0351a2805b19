-- What is due on a job after it was handed over. Both are read model, for lists.

-- By when the next report during the work is due, while somebody is on site.
alter table jobs add column report_due_at integer;
-- By when the customer should be called again, while nobody has.
alter table jobs add column follow_up_due_at integer;
