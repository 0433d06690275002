//! Ruby in, program model out.

use super::lower;
use crate::program::print;

/// Compares the printed model of a text, without indentation common to the expectation.
fn check(code: &str, expected: &str) {
    let lines: Vec<&str> = expected.lines().filter(|line| !line.trim().is_empty()).collect();
    let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let expected: Vec<&str> = lines.iter().map(|line| &line[indent..]).collect();
    let printed = print(&lower(code));
    let printed: Vec<&str> = printed.lines().collect();
    assert_eq!(printed, expected, "\n{code}\nbecame\n{}\n", printed.join("\n"));
}

#[test]
fn calls_have_receivers_arguments_and_blocks() {
    check(
        "redis.set key, 1, ex: 60, \"NX\" => true, **opts, &:sym",
        "
        fn0 module
          (call (call .redis) .set (call .key) 1 ex: 60 {NX: true} **(call .opts) &:sym)
          returns last
        ",
    );
}
