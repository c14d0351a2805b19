//! The JSON API. Every handler takes a [`Caller`](crate::auth::caller::Caller) unless its
//! address is for everyone; which is which stands in [`crate::router`], nowhere else.

pub mod blobs;
pub mod body;
pub mod documents;
pub mod hand_in;
pub mod health;
pub mod held;
pub mod jobs;
pub mod openapi;
pub mod people;
pub mod sessions;
pub mod unlock;
pub mod verify;
