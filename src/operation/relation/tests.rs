use super::{Between, Path, Placed, Relation, Same, Timeline, Trips, relate};
use crate::operation::relation::notation::Written;

fn relation_as(text: &str, first: &str, then: &str, same: Same) -> Option<Relation> {
    let written = Written::new(text);
    let timeline = Timeline::new(&written.analysis.trees[0]);
    let place = |command| -> &Placed {
        let id = written.operation(command);
        timeline.operations.iter().find(|placed| placed.operation == id).unwrap()
    };
    relate(&written.analysis, &timeline, place(first), place(then), same)
}

/// The relation of the first SET, INCR or GET with the first EXPIRE or DEL, in short: `always none nothing`.
fn relation(text: &str) -> String {
    let first = ["SET", "INCR", "GET"].into_iter().find(|command| text.contains(&format!("op {command} "))).unwrap();
    let then = ["EXPIRE", "DEL"].into_iter().find(|command| text.contains(&format!("op {command} "))).unwrap();
    match relation_as(text, first, then, Same::CLIENT | Same::KEY) {
        None => "-".to_owned(),
        Some(relation) => {
            let path = if relation.path == Path::Always { "always" } else { "sometimes" };
            let between = match relation.between {
                Between::Nothing => "nothing",
                Between::Pure => "pure",
                Between::Calls => "calls",
            };
            let trips = match relation.trips {
                Trips::Alone => "",
                Trips::Pipeline => " pipeline",
                Trips::Transaction => " transaction",
                Trips::Concurrent => " concurrent",
            };
            let text = if relation.by_value { "" } else { " by-text" };
            format!("{path} {} {between}{trips}{text}", relation.guard)
        }
    }
}

#[track_caller]
fn table(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(relation(text), *expected, "{text}");
    }
}

#[test]
fn what_follows_in_the_same_sequence_always_follows() {
    table(&[
        ("op SET k; op EXPIRE k", "always none nothing"),
        ("op SET k; pure; op EXPIRE k", "always none pure"),
        ("op SET k; call; op EXPIRE k", "always none calls"),
        ("op EXPIRE k; op SET k", "-"),
        ("op SET k; return; op EXPIRE k", "-"),
    ]);
}

#[test]
fn an_entered_arm_makes_it_sometimes_and_gives_the_guard() {
    table(&[
        ("n: op INCR k; if created(n) { op EXPIRE k }", "sometimes created nothing"),
        ("n: op INCR k; if missing(n) { call } else { op EXPIRE k }", "sometimes present nothing"),
        ("op SET k; if x { op EXPIRE k }", "sometimes other nothing"),
        ("op SET k; if seconds { op EXPIRE k ttl=seconds }", "sometimes own-slot nothing"),
        ("op SET k; if seconds { op EXPIRE k ttl=seconds*1000 }", "sometimes own-slot nothing"),
        ("n: op GET k; if x { if missing(n) { op DEL k } }", "sometimes missing nothing"),
        ("op SET k; if a { if b { op EXPIRE k ttl=b } }", "sometimes own-slot nothing"),
    ]);
}

#[test]
fn a_left_arm_is_no_condition_and_sibling_arms_have_no_order() {
    table(&[
        ("if x { op SET k }; op EXPIRE k", "always none nothing"),
        ("if x { op SET k } else { op EXPIRE k }", "-"),
        ("if x { op SET k; return }; op EXPIRE k", "-"),
        ("if x { op SET k; if y { return } }; op EXPIRE k", "sometimes other pure"),
        ("if x { op SET k }; if x { op EXPIRE k }", "sometimes other nothing"),
    ]);
}

#[test]
fn an_early_exit_that_was_not_taken_is_a_guard() {
    table(&[
        ("n: op INCR k; if not-created(n) { return }; op EXPIRE k", "sometimes created pure"),
        ("n: op GET k; if missing(n) { throw }; op DEL k", "sometimes present pure"),
        ("n: op GET k; if missing(n) { throw }; if other(x) { op DEL k }", "sometimes other pure"),
        ("op SET k; if x { return } else { return }; op EXPIRE k", "-"),
        ("op SET k; if x { return } else { call }; op EXPIRE k", "sometimes other calls"),
        ("op SET k; if x { call; return }; op EXPIRE k", "sometimes other pure"),
        ("op SET k; if x { next }; op EXPIRE k", "sometimes other pure"),
    ]);
}

#[test]
fn only_what_a_loop_over_members_has_done_precedes_anything() {
    table(&[
        ("op SET k; loop collection { op EXPIRE k }", "-"),
        ("loop collection { op SET k }; op EXPIRE k", "always none nothing"),
        ("loop fixed { if x { op SET k } else { break } }; op EXPIRE k", "always none nothing"),
        ("loop collection { op SET k; if x { next } else { break } }; op EXPIRE k", "always none pure"),
        ("loop collection { op SET k; if x { return } }; op EXPIRE k", "sometimes other pure"),
        ("loop collection { assign k; op SET k }; op EXPIRE k", "-"),
        ("loop collection { op DEL k; op SET k }; op EXPIRE k", "-"),
        ("loop polling { op SET k }; op EXPIRE k", "-"),
        ("loop chunk { op SET k }; op EXPIRE k", "-"),
        ("loop collection { op SET k; op EXPIRE k }", "always none nothing"),
        ("loop collection { if x { op SET k }; op EXPIRE k }", "always none nothing"),
        ("loop collection { op SET k; if x { break }; op EXPIRE k }", "sometimes other pure"),
        ("op SET k; loop collection { if x { break } }; op EXPIRE k", "always none pure"),
        ("op SET k; loop collection { if x { return } }; op EXPIRE k", "sometimes other pure"),
        ("op SET k; loop collection { return }; op EXPIRE k", "sometimes other pure"),
        ("loop collection { op SET k; loop collection { op EXPIRE k } }", "-"),
    ]);
}

#[test]
fn a_try_is_part_of_the_sequence_its_handlers_are_not() {
    table(&[
        ("try { op SET k } rescue { return }; op EXPIRE k", "always none nothing"),
        ("op SET k; try { op EXPIRE k } rescue { call }", "always none nothing"),
        ("op SET k; try { call } rescue { op EXPIRE k }", "-"),
        ("try { op SET k; call } rescue { op DEL k }", "-"),
        ("op SET k; try { call; return } cleanup { op DEL k }", "always none calls"),
        ("try { op SET k; call; return } cleanup { op DEL k }", "always none calls"),
        ("try { op SET k; if x { return } } cleanup { op DEL k }", "always none pure"),
        ("try { op SET k } cleanup { call }; op EXPIRE k", "always none calls"),
        ("try { op SET k } cleanup { return }; op EXPIRE k", "-"),
        ("try { call } rescue { op SET k } cleanup { op DEL k }", "always none nothing"),
        ("op SET k; try { throw } rescue { call }; op EXPIRE k", "always none calls"),
        ("op SET k; try { return } cleanup { call }; op EXPIRE k", "-"),
    ]);
}

#[test]
fn a_write_of_the_key_or_of_an_unknown_key_stands_in_the_way() {
    table(&[
        ("op SET k; op SADD other; op EXPIRE k", "always none calls"),
        ("op SET k; op SADD k; op EXPIRE k", "-"),
        ("op SET k; op SADD ?; op EXPIRE k", "-"),
        ("op SET k; op SADD ? on=elsewhere; op EXPIRE k", "always none calls"),
        ("op SET k; op TTL k; op EXPIRE k", "always none calls"),
        ("op SET k; op FLUSHDB; op EXPIRE k", "-"),
        ("op SET k; if x { op SADD k }; op EXPIRE k", "-"),
        ("op SET k; if x { op SADD k; return }; op EXPIRE k", "sometimes other pure"),
    ]);
}

#[test]
fn an_assignment_to_what_key_or_client_is_made_of_stands_in_the_way() {
    table(&[
        ("op SET k; assign x; op EXPIRE k", "always none pure"),
        ("op SET k; assign k; op EXPIRE k", "-"),
        ("op SET 'user:{id}'; assign id; op EXPIRE 'user:{id}'", "-"),
        ("op SET k; assign redis; op EXPIRE k", "-"),
        ("op SET k; loop collection { assign k }; op EXPIRE k", "-"),
    ]);
}

#[test]
fn keys_and_clients_must_be_the_same() {
    table(&[
        ("op SET 'a'; op EXPIRE 'a'", "always none nothing"),
        ("op SET 'a'; op EXPIRE 'b'", "-"),
        ("op SET 'user:{id}'; op EXPIRE 'user:{id}'", "always none nothing"),
        ("op SET 'user:{id}'; op EXPIRE 'user:{name}'", "-"),
        ("op SET key(); op EXPIRE key()", "always none nothing by-text"),
        ("op SET ?; op EXPIRE ?", "-"),
        ("op SET a b; op EXPIRE b", "always none nothing"),
        ("op SET k; op EXPIRE k on=other", "-"),
        ("op SET k of=0; op EXPIRE k of=0 on=other", "always none nothing"),
        ("op SET k of=0; op EXPIRE k of=1", "-"),
    ]);
}

#[test]
fn what_travels_together_is_told_apart() {
    table(&[
        ("queue pipeline { op SET k; op EXPIRE k }", "always none nothing pipeline"),
        ("queue transaction { op SET k; op EXPIRE k }", "always none nothing transaction"),
        ("queue pipeline { op SET k }; op EXPIRE k", "-"),
        ("queue pipeline { op SET k }; queue pipeline { op EXPIRE k }", "-"),
        ("together { op SET k } { op EXPIRE k }", "always none nothing concurrent"),
        ("together { op SET k; op EXPIRE k } { call }", "always none nothing"),
        ("together { op SET k } { op SADD k }; op EXPIRE k", "-"),
        ("op SET k trip=pipeline; op EXPIRE k", "-"),
    ]);
}

#[test]
fn derived_slots_say_how() {
    let relation = relation_as("n: op GET k; op SET k value=increment@n", "GET", "SET", Same::CLIENT | Same::KEY).unwrap();
    assert_eq!(relation.takes, [("value".into(), "increment")]);
    let relation = relation_as("n: op GET a; op SET b value=same@n", "GET", "SET", Same::CLIENT).unwrap();
    assert_eq!(relation.takes, [("value".into(), "same")]);
    assert!(relation_as("op SISMEMBER k member=m; op SADD k member=m", "SISMEMBER", "SADD", Same::KEY | Same::MEMBER).is_some());
    assert!(relation_as("op SISMEMBER k member=m; op SADD k member=x", "SISMEMBER", "SADD", Same::KEY | Same::MEMBER).is_none());
    assert!(relation_as("op SISMEMBER k member=m; assign m; op SADD k member=m", "SISMEMBER", "SADD", Same::KEY | Same::MEMBER).is_none());
}

#[test]
fn arms_of_one_branch_exclude_each_other() {
    let written = Written::new("if x { op SET k } else { op SADD k }; op EXPIRE k");
    let timeline = Timeline::new(&written.analysis.trees[0]);
    let [set, add, expire] = timeline.operations.as_slice() else { panic!() };
    assert!(timeline.exclusive(set, add) && !timeline.exclusive(set, expire));
}

#[test]
fn the_second_may_run_without_the_first() {
    let independent = |text| relation_as(text, "SET", "EXPIRE", Same::CLIENT | Same::KEY).unwrap().independent;
    assert!(!independent("op SET k; op EXPIRE k"));
    assert!(!independent("if x { op SET k; op EXPIRE k }"));
    assert!(!independent("op SET k; try { op EXPIRE k } rescue { call }"));
    assert!(independent("if x { op SET k }; op EXPIRE k"));
    assert!(independent("try { op SET k } rescue { call }; op EXPIRE k"));
    assert!(independent("try { op SET k } cleanup { op EXPIRE k }"));
}
