//! Rules and client tables are embedded as whole folders: a new file in them is a reason to build again.

#[allow(clippy::print_stdout, reason = "this is how a build script speaks")]
fn main() {
    for folder in ["rules", "clients"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
