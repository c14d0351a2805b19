//! The rules of time zones, which the browser knows: a function that the worker lends.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::JsValue;

thread_local! {
    static LENT: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Keeps the function: of a zone's name and a moment (Unix ms), answering how far that zone is
/// ahead of UTC, in ms.
pub(crate) fn lend(zones: Function) {
    LENT.set(Some(zones));
}

/// What it answers; UTC where it does not.
pub(crate) fn offset_ms(zone: &str, at: i64) -> i64 {
    let asked = LENT.with_borrow(|zones| {
        let (zone, at) = (JsValue::from_str(zone), JsValue::from_f64(at as f64));
        zones.as_ref()?.call2(&JsValue::NULL, &zone, &at).ok()?.as_f64()
    });
    asked.unwrap_or(0.0) as i64
}
