//! Hands the arguments to the library.

fn main() -> std::process::ExitCode {
    chatons_audit::run().into()
}
