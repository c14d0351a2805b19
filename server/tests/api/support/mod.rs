//! The people and things of the stories.

mod office;
mod phone;
mod photo;
pub(crate) mod vectors;

pub(crate) use office::{Answer, Office, PASSWORD};
pub(crate) use phone::{Phone, change_with, login_body};
pub(crate) use photo::Photo;
