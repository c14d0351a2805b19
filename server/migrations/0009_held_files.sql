-- Which photos and files work that is held names, and whose it is: their bytes may come before the
-- decision, because a phone that may not sync any more has no other time to bring them. Like held
-- work itself, no read model: a rebuild leaves it alone. Hashes are lower-case hex.
create table held_files (
    tenant blob not null references tenants (id),
    user blob not null,
    sha256 text not null,
    bytes integer not null,
    primary key (tenant, user, sha256, bytes)
) strict, without rowid;
