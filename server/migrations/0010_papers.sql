-- Documents on paper.

-- A code on a document names its sign-off and nothing else.
create index signoffs_by_id on signoffs (signoff);

-- Quarterly reports as they were given out. Not read model: this is what somebody has said, and
-- the log may hold more by now.
create table report_issues (
    tenant blob not null,
    -- 2026Q3.
    quarter text not null,
    -- From 1, without a gap.
    version integer not null,
    -- Server clock.
    issued_at integer not null,
    issued_by blob not null,
    -- The name then.
    issued_by_name text not null,
    -- The last row of the log that was counted.
    seq integer not null,
    -- The time zone whose days the quarter has.
    zone text not null,
    -- Figures and open points, as JSON.
    report text not null,
    primary key (tenant, quarter, version)
) strict, without rowid;
