//! Embedded migrations and the console are read while compiling; a new file must be compiled in.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=web/console");
}
