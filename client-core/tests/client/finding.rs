//! The one search box, over what is on this phone.

use serde_json::{Value as Json, json};

use crate::support::Phone;

fn titles(found: &Json) -> Vec<&str> {
    let all = found.as_array().into_iter().flatten();
    all.filter_map(|one| one["title"].as_str()).collect()
}

#[test]
fn every_question_gets_its_own_answer() {
    let mut phone = Phone::signed_in();
    phone.open_job("Pump is loud");
    let record = phone.open_job("三号线停机");
    phone.set(&record, "report/cause", "轴承磨损");
    let find = |phone: &mut Phone, query: &str| phone.ok(&json!({"do": "find", "query": query}));
    assert_eq!(titles(&find(&mut phone, "pmup")), ["Pump is loud"]);
    let found = find(&mut phone, "轴承");
    assert_eq!(titles(&found), ["三号线停机"]);
    assert_eq!((&found[0]["kind"], &found[0]["record"]), (&json!("job"), &json!(record)));
    assert_eq!(found[0]["job"]["stage"], "received");
    assert_eq!(titles(&find(&mut phone, "nothing like it")), [""; 0]);
}

#[test]
fn what_was_written_after_a_question_is_found_by_the_next() {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    let find = |phone: &mut Phone, query: &str| phone.ok(&json!({"do": "find", "query": query}));
    assert_eq!(titles(&find(&mut phone, "bearing")), [""; 0]);
    phone.set(&record, "report/cause", "Bearing worn");
    assert_eq!(titles(&find(&mut phone, "bearing")), ["Pump is loud"]);
    phone.set(&record, "intake/title", "Pump is quiet");
    assert_eq!(titles(&find(&mut phone, "bearing")), ["Pump is quiet"]);
}
