//! When and how often a block runs, by the name of the method it is given to.

use crate::program::{Kind, Runs};

/// What the name of a method tells of the block it is given. Names that mean different things in different places are left
/// unknown; what a Redis client does with a block is known from its client table.
pub(super) fn runs(receiver: Option<&Kind>, name: &str) -> Runs {
    match name {
        "each" | "map" | "each_with_index" | "each_with_object" | "select" | "filter" | "reject" | "flat_map" | "filter_map"
        | "collect" | "each_slice" | "each_cons" | "each_pair" | "each_key" | "each_value" | "each_entry" | "reverse_each"
        | "each_index" | "each_char" | "each_line" | "each_byte" | "find_each" | "find_in_batches" | "in_batches" | "inject" | "reduce"
        | "sum" | "map!" | "select!" | "reject!" | "collect!" | "delete_if" | "keep_if" | "to_h" | "to_set" | "index_by" | "index_with"
        | "group_by" | "partition" | "sort_by" | "min_by" | "max_by" | "uniq" | "count" | "find" | "detect" | "any?" | "all?" | "none?"
        | "find_index" | "each_with_depth" | "zip" | "transform_values" | "transform_keys" | "collect_concat" | "take_while"
        | "drop_while" | "chunk_while" | "slice_when" | "tally_by" | "each_record" | "each_row" | "foreach" | "scan_each"
        | "sscan_each" | "hscan_each" | "zscan_each" => Runs::Each,
        "times" | "loop" | "cycle" | "upto" | "downto" | "step" => Runs::Repeat,
        "tap" | "then" | "yield_self" | "synchronize" | "with" | "transaction" | "instance_eval" | "instance_exec" | "class_eval"
        | "class_exec" | "module_eval" | "multi" | "pipelined" | "catch" | "with_lock" | "silence" | "benchmark" | "measure"
        | "realtime" | "using" | "instrument" | "with_options" | "uncached" | "unscoped" => Runs::Once,
        "at_exit"
        | "after_commit"
        | "after_create"
        | "after_create_commit"
        | "after_update"
        | "after_update_commit"
        | "after_save"
        | "after_save_commit"
        | "after_destroy"
        | "after_destroy_commit"
        | "after_rollback"
        | "after_initialize"
        | "after_find"
        | "after_touch"
        | "after_validation"
        | "after_action"
        | "around_action"
        | "before_action"
        | "before_create"
        | "before_update"
        | "before_save"
        | "before_destroy"
        | "before_validation"
        | "around_save"
        | "around_create"
        | "after_perform"
        | "before_perform"
        | "around_perform"
        | "after_enqueue"
        | "before_enqueue"
        | "around_enqueue"
        | "after_fork"
        | "before_fork"
        | "define_method"
        | "define_singleton_method"
        | "on"
        | "subscribe"
        | "psubscribe"
        | "trap"
        | "rescue_from"
        | "scope"
        | "after_transaction_commit" => Runs::Later,
        "new" | "start" | "fork" => match receiver {
            Some(Kind::Constant { path, .. })
                if path.last().is_some_and(|last| last == "Thread" || last == "Fiber" || last == "Ractor") =>
            {
                Runs::Later
            }
            _ => Runs::Unknown,
        },
        _ => Runs::Unknown,
    }
}
