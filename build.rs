//! Embedded migrations are read while compiling; a new one must be compiled in.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
