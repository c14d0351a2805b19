//! Hints that there is news: where the log stands, then every step, and an orderly end.

use serde_json::json;

use crate::support::{Office, PASSWORD, Phone};

#[test]
fn a_listener_hears_where_the_log_stands_and_that_it_moved() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let mut hints = office
        .listen(&ada.access_token)
        .filter_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    let position = |office: &Office| format!("{{\"seq\":{}}}", office.log_rows());
    assert_eq!(hints.next(), Some(position(&office)));
    ada.open_job("Flow meter reads high");
    ada.sync();
    assert_eq!(hints.next(), Some(position(&office)));
    // What Ada cannot see is no news for her; for the desk it is.
    let desk = office.post_json("/v1/login", None, &json!({"login": "dora", "password": PASSWORD}));
    let token = desk.json()["access_token"].as_str().expect("a token").to_owned();
    let mut at_desk =
        office.listen(&token).filter_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    assert_eq!(at_desk.next(), Some(position(&office)));
    office.job_for("ben", "Valve leaks");
    assert_eq!(at_desk.next(), Some(position(&office)));
    office.job_for("ada", "Pump is loud");
    assert_eq!(hints.next(), Some(position(&office)), "the next one she hears is her own");

    office.app.end_streams();
    assert_eq!(hints.next(), None, "a stopping server does not keep its listeners");
}

/// FAULTS row 73: hints stay in their organisation.
#[test]
fn one_organisation_hears_nothing_of_another() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let mut lines = office.listen(&ada.access_token).filter(|line| !line.is_empty());
    assert!(lines.next().is_some());
    let (tenant, other) = (office.tenant, docket_protocol::ids::TenantId::new(1, [9; 10]));
    let everyone = docket_server::visibility::EVERYONE;
    let moved = move |tx: &mut docket_server::store::WriteTx<'_>, tenant| {
        tx.log_moved(tenant, docket_protocol::ids::Seq(1_000), [everyone]);
        Ok::<_, docket_server::store::StoreError>(())
    };
    office.app.store.write_blocking(move |tx| moved(tx, other)).unwrap();
    office.app.store.write_blocking(move |tx| moved(tx, tenant)).unwrap();
    let heard = lines.next();
    assert_eq!(heard.as_deref(), Some("data: {\"seq\":1000}"));
    office.app.end_streams();
    assert_eq!(lines.next(), None, "only one hint, not two");
}
