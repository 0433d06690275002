//! When the functions given to a call run: what the names of the language's own functions tell.

use crate::program::Runs;

/// For `receiver.name(…)`.
pub(super) fn of_method(name: &str) -> Runs {
    match name {
        "each" | "every" | "filter" | "find" | "findIndex" | "findLast" | "findLastIndex" | "flatMap" | "forEach" | "map" | "reduce"
        | "reduceRight" | "some" => Runs::Each,
        "catch" | "finally" | "tap" | "then" => Runs::Once,
        "addEventListener"
        | "addListener"
        | "nextTick"
        | "on"
        | "once"
        | "prependListener"
        | "prependOnceListener"
        | "queueMicrotask"
        | "requestAnimationFrame"
        | "setImmediate"
        | "setInterval"
        | "setTimeout" => Runs::Later,
        _ => Runs::Unknown,
    }
}

/// For `name(…)`, when the file does not bind the name.
pub(super) fn of_free_function(name: &str) -> Runs {
    match name {
        "addEventListener" | "queueMicrotask" | "requestAnimationFrame" | "setImmediate" | "setInterval" | "setTimeout" => Runs::Later,
        _ => Runs::Unknown,
    }
}

/// For `Promise.name(…)`, when the file does not bind `Promise`.
pub(super) fn of_promise(name: &str) -> Runs {
    match name {
        "all" | "allSettled" | "any" | "race" => Runs::Together,
        _ => Runs::Unknown,
    }
}
