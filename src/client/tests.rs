use super::*;

#[test]
fn builtin_tables_load() {
    if let Err(error) = Libraries::builtin() {
        panic!("{error} {:?}", error.help);
    }
}
