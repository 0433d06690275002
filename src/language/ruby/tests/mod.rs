//! Ruby in, program model out.

mod calls;
mod classes;
mod declarations;
mod robustness;
mod spans;
mod statements;
mod strings;

use super::lower;
use crate::program::print;

/// Compares the printed model of a text with an expectation, whose common indentation does not count.
#[track_caller]
fn check(code: &str, expected: &str) {
    let lines: Vec<&str> = expected.lines().filter(|line| !line.trim().is_empty()).collect();
    let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let expected: Vec<&str> = lines.iter().map(|line| &line[indent..]).collect();
    let printed = print(&lower(code));
    let printed: Vec<&str> = printed.lines().collect();
    assert_eq!(printed, expected, "\n{code}\nbecame\n{}\n", printed.join("\n"));
}
