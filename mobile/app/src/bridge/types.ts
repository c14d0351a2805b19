// The JSON between the app and its core, under one name. Same names and same order as in Rust; ids
// are text, times are Unix ms. Types only: nothing here runs.
export type * from './command';
export type * from './record';
export type * from './shared';
export type * from './signoff';
export type * from './view';
