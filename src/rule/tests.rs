//! The engine on analyses written by hand.

use super::*;
use crate::finding::{Safety, Severity};
use crate::operation::relation::notation::Written;

const HEAD: &str = "category = \"ttl\"\nseverity = \"warning\"\nsources = [\"https://redis.io/\"]\n";

fn page(block: &str) -> String {
    let message = if block.lines().take_while(|line| !line.starts_with('[')).any(|line| line.starts_with("message")) {
        ""
    } else {
        "message = \"m\"\n"
    };
    format!("# Title\n\n```toml rule\n{HEAD}{message}{block}```\n")
}

fn load(blocks: &[(&str, &str)]) -> Rules {
    let pages: Vec<_> = blocks.iter().map(|(id, block)| (format!("{id}.md"), page(block))).collect();
    Rules::of_pages(pages.iter().map(|(path, text)| (path.as_str(), text.as_str(), false)))
        .unwrap_or_else(|errors| panic!("{}", errors.iter().map(|error| format!("{}: {error}\n", error.line())).collect::<String>()))
}

/// The text that each finding points at, with its rule, severity and message.
fn findings(rules: &Rules, text: &str) -> Vec<String> {
    let written = Written::new(text);
    let selected: Vec<_> = rules.iter().map(Selected::plain).collect();
    check(rules, &selected, &written.analysis, &written.files, &NoSpeller)
        .into_iter()
        .map(|found| {
            let finding = found.finding;
            let place = written.files[0].slice(finding.primary.span);
            let also = if finding.also.is_empty() { String::new() } else { format!(" [{}]", finding.also.join(" ")) };
            format!("{} {} @{place}: {}{also}", finding.severity.word(), finding.rule, finding.message)
        })
        .collect()
}

/// The places that one rule reports.
fn places(block: &str, text: &str) -> Vec<String> {
    findings(&load(&[("r", block)]), text)
        .into_iter()
        .map(|line| line.split_once('@').and_then(|(_, rest)| rest.split_once(": ")).map(|(place, _)| place.to_owned()).unwrap())
        .collect()
}

#[track_caller]
fn table(block: &str, rows: &[(&str, &[&str])]) {
    for (text, expected) in rows {
        assert_eq!(places(block, text), *expected, "{text}");
    }
}

#[test]
fn a_positive_test_needs_yes_and_a_negative_one_certainly() {
    table("[match]\nttl = \"none\"\n", &[("op SET k ttl=none", &["op SET k ttl=none"]), ("op SET k ttl=fixed", &[]), ("op SET k", &[])]);
    table(
        "[match]\ncommand = \"SET\"\nttl = { not = [\"none\"] }\n",
        &[("op SET k ttl=none; op SET j ttl=fixed; op SET i", &["op SET j ttl=fixed"])],
    );
    table("[match]\ndoes = [\"flush\", \"pop\"]\n", &[("op FLUSHDB; op GET k; op BLPOP q", &["op FLUSHDB", "op BLPOP q"])]);
    table(
        "[match]\nreply_use = { only = [\"ignored\"] }\n",
        &[("op GET a reply_use=ignored; op GET b reply_use=ignored+parsed; op GET c", &["op GET a reply_use=ignored"])],
    );
    table("[match]\nkey_count = { min = 2 }\n", &[("op DEL a key_count=2; op DEL b key_count=1", &["op DEL a key_count=2"])]);
    table("[match]\nkey = \"cache:*\"\n", &[("op GET 'cache:{id}'; op GET id; op GET 'other'", &["op GET 'cache:{id}'"])]);
}

#[test]
fn every_case_leaves_out_tests_wrappers_and_weak_evidence() {
    let block = "[match]\ncommand = \"KEYS\"\n";
    table(
        block,
        &[
            ("op KEYS", &["op KEYS"]),
            ("op KEYS runs_in=test", &[]),
            ("op KEYS layer=wrapper", &[]),
            ("op KEYS evidence=named", &[]),
            ("op KEYS runs_in=?", &[]),
        ],
    );
    table(
        "evidence = \"named\"\ntests = true\n[match]\ncommand = \"KEYS\"\nlayer = [\"call\", \"script\"]\n",
        &[("op KEYS runs_in=test evidence=named layer=script", &["op KEYS runs_in=test evidence=named layer=script"])],
    );
}

#[test]
fn unknown_cancels() {
    let block = "[match]\ncommand = \"SET\"\n[[match.unless]]\nkey_purpose = \"lock\"\n";
    table(block, &[("op SET k", &["op SET k"]), ("op SET k key_purpose=lock", &[]), ("op SET k key_purpose=?", &[])]);
}

const EXPIRE: &str = "[match.first]\ncommand = [\"SET\", \"INCR\"]\n[match.then]\ncommand = \"EXPIRE\"\n";

#[test]
fn a_pair_is_reported_once_at_its_first_operation() {
    table(
        EXPIRE,
        &[
            ("op SET k; op EXPIRE k", &["op SET k"]),
            ("op SET k; op EXPIRE k; op EXPIRE k", &["op SET k"]),
            ("op INCR k; op TTL k; op EXPIRE k", &["op INCR k"]),
            ("op SET k; op SET j; op EXPIRE j; op EXPIRE k", &["op SET k", "op SET j"]),
            ("if x { op SET k } else { op INCR k }; op EXPIRE k", &["op SET k", "op INCR k"]),
            ("op SET k; if x { op EXPIRE k }", &[]),
            ("op SET k; op EXPIRE k trip=concurrent", &["op SET k"]),
            ("queue transaction { op SET k; op EXPIRE k }", &[]),
        ],
    );
}

#[test]
fn pairs_of_the_same_two_groups_are_one_finding() {
    let text = "together { op SET k } { op SET j }; together { op EXPIRE k } { op EXPIRE j }";
    let written = Written::new(text);
    let rules = load(&[("r", EXPIRE)]);
    let selected: Vec<_> = rules.iter().map(Selected::plain).collect();
    let found = check(&rules, &selected, &written.analysis, &written.files, &NoSpeller);
    assert_eq!(found.len(), 1);
    let related: Vec<_> = found[0].finding.related.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(related, ["EXPIRE `k`", "and SET `j`"]);
    table(EXPIRE, &[("together { op SET k } { op SET j }; op EXPIRE k; op EXPIRE j", &["op SET k", "op SET j"])]);
}

#[test]
fn a_second_operation_belongs_to_the_nearest_first_one() {
    let text = "op GET k reply_use=parsed; op GET k; op DEL k";
    assert_eq!(places("[match.first]\ncommand = \"GET\"\n[match.then]\ncommand = \"DEL\"\n", text), ["op GET k"]);
}

#[test]
fn relations_are_tested() {
    let guarded = "[match.first]\ndoes = \"count\"\n[match.then]\ncommand = \"EXPIRE\"\npath = \"sometimes\"\nguard = \"created\"\n";
    table(
        guarded,
        &[
            ("n: op INCR k; if created(n) { op EXPIRE k }", &["op INCR k"]),
            ("n: op INCR k; if x { op EXPIRE k }", &[]),
            ("op INCR k; op EXPIRE k", &[]),
        ],
    );
    let taking = "[match]\nreport = \"then\"\n[match.first]\ncommand = \"GET\"\n[match.then]\ncommand = \"SET\"\ntakes = \"value\"\nchange = [\"increment\", \"edit\"]\n";
    table(
        taking,
        &[
            ("n: op GET k; op SET k value=edit@n", &["op SET k value=edit@n"]),
            ("n: op GET k; op SET k value=same@n", &[]),
            ("n: op GET k; op SET k value=x", &[]),
        ],
    );
    let pure = "[match.first]\ncommand = \"SET\"\n[match.then]\ncommand = \"EXPIRE\"\nbetween = \"pure\"\n";
    table(pure, &[("op SET k; pure; op EXPIRE k", &["op SET k"]), ("op SET k; call; op EXPIRE k", &[])]);
    let queued = "[match.first]\ncommand = \"SET\"\n[match.then]\ncommand = \"EXPIRE\"\ntrips = [\"pipeline\", \"transaction\"]\n";
    table(queued, &[("queue pipeline { op SET k; op EXPIRE k }", &["op SET k"]), ("op SET k; op EXPIRE k", &[])]);
}

#[test]
fn unless_tests_the_events_and_what_stands_between() {
    let on = |on: &str, test: &str| format!("{EXPIRE}[[match.unless]]\non = \"{on}\"\n{test}\n");
    table(
        &on("between", "command = \"TTL\""),
        &[("op SET k; op TTL k; op EXPIRE k", &[]), ("op SET k; op GET k; op EXPIRE k", &["op SET k"])],
    );
    table(&on("then", "runs_in = \"script\""), &[("op SET k; op EXPIRE k runs_in=script", &[]), ("op SET k; op EXPIRE k", &["op SET k"])]);
}

#[test]
fn absent_needs_certainty() {
    let block = "[match.first]\ncommand = \"SET\"\n[match.absent]\ndoes = \"expire\"\nwithin = \"after\"\n";
    table(
        block,
        &[
            ("op SET 'a'; op GET 'a'", &["op SET 'a'"]),
            ("op SET 'a'; op EXPIRE 'a'", &[]),
            ("op SET 'a'; if x { op EXPIRE 'a' }", &[]),
            ("op EXPIRE 'a'; op SET 'a'", &["op SET 'a'"]),
            ("op SET 'a'; op EXPIRE 'b'", &["op SET 'a'"]),
            ("op SET k; op EXPIRE j", &[]),
            ("op SET 'a'; touch", &[]),
            ("op SET 'a'; call", &["op SET 'a'"]),
        ],
    );
}

#[test]
fn facts_of_the_client_are_read_on_the_operation() {
    let block = "[match]\ncommand = \"GET\"\nclient_held = \"local\"\n";
    table(
        block,
        &[
            ("client redis held=local; op GET k of=0", &["op GET k of=0"]),
            ("client redis held=module; op GET k of=0", &[]),
            ("client redis; op GET k of=0", &[]),
            ("op GET k", &[]),
        ],
    );
    table("[match]\nevent = \"client\"\nheld = \"local\"\n", &[("client redis held=local", &["client redis"])]);
}

#[test]
fn a_superseding_rule_takes_the_place_of_another_at_the_same_operation() {
    let rules = load(&[
        ("pair", &format!("supersedes = [\"single\"]\n{EXPIRE}")),
        ("single", "[match]\ncommand = [\"SET\", \"DEL\"]\n"),
        ("top", "supersedes = [\"pair\"]\n[match]\ncommand = \"SET\"\nkey_purpose = \"lock\"\n"),
    ]);
    assert_eq!(findings(&rules, "op SET k; op EXPIRE k; op DEL j"), ["warning pair @op SET k: m [single]", "warning single @op DEL j: m"]);
    let locked = "op SET k key_purpose=lock; op EXPIRE k";
    assert_eq!(findings(&rules, locked), ["warning top @op SET k key_purpose=lock: m [pair single]"]);
}

#[test]
fn severity_falls_where_versions_differ_and_the_case_may_have_its_own() {
    let rules = load(&[(
        "r",
        "[[match]]\ncommand = \"SET\"\nform_verdict = \"ignored\"\n[[match]]\nmessage = \"other\"\nseverity = \"info\"\ncommand = \"GET\"\n",
    )]);
    assert_eq!(
        findings(&rules, "op SET k form_verdict=ignored; op SET k differ=1 form_verdict=ignored; op GET k differ=1"),
        [
            "warning r @op SET k form_verdict=ignored: m",
            "info r @op SET k differ=1 form_verdict=ignored: m (ioredis 5; older versions that the project allows may differ)",
            "info r @op GET k differ=1: other",
        ]
    );
}

#[test]
fn messages_show_keys_arguments_and_facts() {
    let block = "message = \"{command} `{key}` {ttl} {loop} {form_verdict}\"\nhelp = \"{spell: SET {key} {value} {ttl}}\"\n[match]\ncommand = \"SET\"\n";
    let rules = load(&[("r", block)]);
    let text = "op SET 'user:{id}' value=JSON.stringify(someVeryLongNameOfAUserObjectThatGoesOn) ttl=seconds ttl_unit=s";
    let written = Written::new(text);
    let selected = [Selected::plain(rules.get("r").unwrap())];
    let found = check(&rules, &selected, &written.analysis, &written.files, &NoSpeller);
    let finding = &found[0].finding;
    assert_eq!(finding.message, "SET `user:{id}` seconds none op SET 'user:{id}' value=JSON.stringify…");
    assert_eq!(finding.help.as_deref(), Some("SET user:{id} JSON.stringify(someVeryLongNameOfAUserO… seconds"));
    assert_eq!(finding.primary.text, "SET `user:{id}`");
}

struct Upper;

impl Speller for Upper {
    fn spell(&self, operation: &crate::operation::Operation, command: &[Term], _: &[crate::source::SourceFile]) -> Option<String> {
        let word = |term: &Term| match term {
            Term::Word(word) => word.clone(),
            Term::Source(source) => format!("<{source}>"),
        };
        let words: Vec<_> = command.iter().map(word).collect();
        Some(format!("{}:{}", operation.library, words.join(" ")))
    }
}

#[test]
fn the_speller_gets_the_ttl_with_the_word_of_its_unit() {
    let rules = load(&[("r", "help = \"{spell: SET {key} {ttl}} or {spell: SET {key} PX {ttl}}\"\n[match]\ncommand = \"SET\"\n")]);
    let written = Written::new("op SET k ttl=t ttl_unit=s-at");
    let found = check(&rules, &[Selected::plain(rules.get("r").unwrap())], &written.analysis, &written.files, &Upper);
    assert_eq!(found[0].finding.help.as_deref(), Some("ioredis:SET <k> EXAT <t> or ioredis:SET <k> PX <t>"));
}

#[test]
fn a_fix_is_offered_where_its_conditions_hold_and_is_unsafe_where_facts_are_weak() {
    let block = format!(
        "{EXPIRE}[fix]\nsafety = \"safe\"\ntitle = \"T\"\nwhen.first.command = \"SET\"\nwhen.then.path = \"always\"\nremove = \"then\"\n"
    );
    let rules = load(&[("r", &block)]);
    let safety = |text: &str| {
        let written = Written::new(text);
        let found = check(&rules, &[Selected::plain(rules.get("r").unwrap())], &written.analysis, &written.files, &NoSpeller);
        assert_eq!(found.len(), 1, "{text}");
        found[0].fix.as_ref().map(|fix| fix.safety)
    };
    for (text, expected) in [
        ("op SET k; op EXPIRE k reply_use=ignored", Some(Safety::Safe)),
        ("op SET k; pure; op EXPIRE k reply_use=ignored", Some(Safety::Safe)),
        ("op SET k; call; op EXPIRE k reply_use=ignored", Some(Safety::Unsafe)),
        ("op SET k; op EXPIRE k", Some(Safety::Unsafe)),
        ("op SET k; op EXPIRE k reply_use=returned", Some(Safety::Unsafe)),
        ("op SET key(); op EXPIRE key() reply_use=ignored", Some(Safety::Unsafe)),
        ("op SET k differ=1; op EXPIRE k reply_use=ignored", Some(Safety::Unsafe)),
        ("op INCR k; op EXPIRE k reply_use=ignored", None),
        ("if x { op SET k }; op EXPIRE k reply_use=ignored", None),
    ] {
        assert_eq!(safety(text), expected, "{text}");
    }
}

#[test]
fn options_and_severity_of_the_user_are_used() {
    let block = "[options.seconds]\ntype = \"number\"\ndefault = 100\nabout = \"a\"\n[match]\nttl_seconds = { min = \"option.seconds\" }\n";
    let rules = load(&[("r", block)]);
    let written = Written::new("op SET a ttl_seconds=50; op SET b ttl_seconds=150");
    let mut selected = Selected::plain(rules.get("r").unwrap());
    let count = |selected: &Selected<'_>| {
        let found = check(&rules, std::slice::from_ref(selected), &written.analysis, &written.files, &NoSpeller);
        (found.len(), found[0].finding.severity)
    };
    assert_eq!(count(&selected), (1, Severity::Warning));
    selected.options.push(("seconds".into(), OptionValue::Number(10.0)));
    selected.severity = Some(Severity::Error);
    assert_eq!(count(&selected), (2, Severity::Error));
}

#[test]
fn fingerprints_survive_moves_and_tell_twins_apart() {
    let rules = load(&[("r", "[match]\ncommand = \"KEYS\"\n")]);
    let prints = |text: &str| -> Vec<String> {
        let written = Written::new(text);
        let found = check(&rules, &[Selected::plain(rules.get("r").unwrap())], &written.analysis, &written.files, &NoSpeller);
        found.into_iter().map(|found| found.finding.fingerprint).collect()
    };
    let one = prints("op KEYS 'a'");
    assert_eq!(one, prints("call; call;\n\n op KEYS   'a'"));
    assert_ne!(one, prints("op KEYS 'b'"));
    assert_eq!(prints("op KEYS 'a'; op KEYS 'a'"), [one[0].clone(), format!("{}-2", one[0])]);
}

#[test]
fn a_page_explains_itself() {
    let text = format!(
        "# A title\n\n```toml rule\n{HEAD}message = \"m\"\nenabled = false\n[match]\ncommand = \"KEYS\"\n```\n\nWhy.\n\n```ts fail client=ioredis@5\nx() // reported\n```\n"
    );
    let rules = Rules::of_pages([("rules/r.md", text.as_str(), false)]).unwrap();
    assert_eq!(
        rules.get("r").unwrap().explain(),
        "# A title\n\n`r` · ttl · warning · off by default\n\nWhy.\n\nReported with ioredis 5:\n\n```ts\nx() // reported\n```\n\n## Sources\n\n- https://redis.io/\n"
    );
    let listing: Vec<_> = rules.listing().collect();
    assert_eq!((listing[0].id, listing[0].enabled, listing[0].fixable, listing[0].title), ("r", false, false, "A title"));
}
