//! Gongkai.
fn main() {}
