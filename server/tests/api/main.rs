//! The server from outside: real HTTP on a port of its own, a real data folder, the router that
//! ships. One file a promise; [`support`] has the office and the phone the stories are about.

mod amendment;
mod answers;
mod back_at_once;
mod backup;
mod bad_network;
mod blobs;
mod clocks;
mod documents;
mod gate;
mod hand_in;
mod held;
mod live;
mod log;
mod orders;
mod parcels;
mod permissions;
mod pieces;
mod repair;
mod sessions;
mod signoff;
mod slow_peers;
mod support;
mod sync;
mod visibility;
