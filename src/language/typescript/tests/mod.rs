//! What code becomes: code in, text of the model out.

mod declarations;
mod robustness;
mod statements;

use crate::program::{Kind, Module, print, print_node};
use crate::source::Language;

fn lower(code: &str) -> Module {
    super::lower(Language::TypeScript, code)
}

/// Compares the whole model; lines of the expectation may be indented as far as the code around them.
fn check(code: &str, expected: &str) {
    check_module(&lower(code), code, expected);
}

fn check_module(module: &Module, code: &str, expected: &str) {
    let margin = expected.lines().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    let expected: Vec<&str> =
        expected.lines().filter(|line| !line.trim().is_empty()).map(|line| line.get(margin.unwrap_or(0)..).unwrap_or("")).collect();
    assert_eq!(print(module).trim_end(), expected.join("\n"), "{code}");
}

/// The statements of the top level, one a line.
fn statements(module: &Module) -> String {
    let Kind::Block(statements) = module.kind(module.functions[0].body) else { panic!("a body is a block") };
    statements.iter().map(|statement| print_node(module, *statement)).collect::<Vec<_>>().join("\n")
}

/// Compares the statements of the top level, for a table of code.
fn check_statements(table: &[(&str, &str)]) {
    for (code, expected) in table {
        assert_eq!(statements(&lower(code)), *expected, "{code}");
    }
}
