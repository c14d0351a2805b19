//! What went wrong, as a JavaScript `Error` that says so.
//!
//! Errors carry a `code` (the word catalog has `error-{code}`); a panic is thrown, too, with the
//! name `Panic` and the place in its message, because a wasm trap alone says "unreachable". After
//! a panic the module is not to be used any more: the worker must be started again. Nothing that
//! was saved is lost by that; a transaction under way is rolled back when the store is opened.

use std::panic::PanicHookInfo;

use docket_client_core::ClientError;
use js_sys::{Error, Reflect};
use wasm_bindgen::{JsValue, throw_val};

/// An error of the core outside of a command (commands answer with theirs).
pub(crate) fn of_client(error: &ClientError) -> JsValue {
    coded(error.code, &error.detail)
}

/// An error of the browser's storage, before there is a core.
#[cfg(target_family = "wasm")]
pub(crate) fn of_storage(error: crate::storage::StorageError) -> JsValue {
    coded(error.code(), &error.to_string())
}

/// The panic hook. Throwing leaves wasm at once, as the trap that follows a panic would.
pub(crate) fn throw_panic(panic: &PanicHookInfo<'_>) {
    let error = Error::new(&panic.to_string());
    error.set_name("Panic");
    throw_val(error.into());
}

pub(crate) fn coded(code: &str, detail: &str) -> JsValue {
    let error = Error::new(&format!("{code}: {detail}"));
    // An `Error` takes any property; were it refused, the message still has the code.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
