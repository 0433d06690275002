use super::super::{Case, Rule, RuleError, Rules, Shape};
use super::page;
use crate::operation::EventKind;

/// A page with this rule block behind the required keys.
fn text(block: &str) -> String {
    let mut head = String::new();
    for (key, line) in [
        ("category", "category = \"ttl\"\n"),
        ("severity", "severity = \"warning\"\n"),
        ("message", "message = \"m\"\n"),
        ("sources", "sources = [\"https://redis.io/\"]\n"),
    ] {
        let written = block.lines().take_while(|line| !line.starts_with('[')).any(|line| line.starts_with(&format!("{key} =")));
        if !written {
            head.push_str(line);
        }
    }
    format!("# Title\n\n```toml rule\n{head}{block}```\n\nWhy.\n")
}

fn rule(block: &str) -> Rule {
    page("rules/a-rule.md", &text(block), false).unwrap_or_else(|errors| panic!("{}", show(&errors)))
}

fn case(block: &str) -> Case {
    rule(block).cases.remove(0)
}

fn show(errors: &[RuleError]) -> String {
    errors
        .iter()
        .map(|error| {
            let marked = &error.page.inner()[error.span.offset()..error.span.offset() + error.span.len()];
            let marked = marked.lines().next().unwrap_or_default();
            format!("{}: {} [{}] {}", error.line(), error.message, marked, error.help.as_deref().unwrap_or("-"))
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The errors of a block: line, message, marked text and help of each.
#[track_caller]
fn refused(block: &str, expected: &str) {
    let Err(errors) = page("rules/a-rule.md", &text(block), true) else { panic!("loads:\n{block}") };
    assert_eq!(show(&errors), expected, "\n{block}");
}

#[test]
fn a_page_gives_title_block_and_cases() {
    let rule = rule("[[match]]\ncommand = \"SET\"\nttl = \"none\"\n[[match]]\nevent = \"client\"\nheld = { not = [\"module\"] }\n");
    assert_eq!((rule.id.as_str(), rule.title.as_str(), rule.enabled), ("a-rule", "Title", true));
    assert!(rule.page[rule.block.clone()].starts_with("```toml rule") && rule.page[rule.block.clone()].ends_with("```"));
    let Shape::Single(pattern) = &rule.cases[1].shape else { panic!() };
    assert_eq!(pattern.event, EventKind::Client);
    let names: Vec<_> = pattern.predicates.iter().map(|predicate| predicate.fact.row().name).collect();
    assert_eq!(names, ["held", "layer", "runs_in", "evidence"]);
}

#[test]
fn a_pair_has_relations_with_defaults() {
    let case = case(
        "[match.first]\ndoes = \"count\"\n[match.then]\ncommand = \"EXPIRE\"\npath = [\"always\", \"sometimes\"]\nguard = { not = [\"other\"] }\n",
    );
    let Shape::Pair { then: Some(tail), .. } = &case.shape else { panic!() };
    assert_eq!(tail.relations.path.len(), 2);
    assert!(tail.relations.guard.is_some() && tail.relations.trips.len() == 1);
}

#[test]
fn mistakes_point_at_their_line_and_say_what_to_write() {
    refused("[match]\ncomand = \"SET\"\n", "9: `comand` is no fact of event `operation` [comand] did you mean `command`?");
    refused("[match]\nheld = \"module\"\n", "9: `held` is no fact of event `operation` [held] it is a fact of: client");
    refused("[match]\nttl = \"non\"\n", "9: `non` is no value of `ttl` [\"non\"] did you mean `none`?");
    refused("[match]\nttl = []\n", "9: this list is empty [[]] write what it should contain, or leave the key out");
    refused(
        "[match]\ncommand = \"set\"\n",
        "9: `set` is no command name [\"set\"] write the canonical name: upper case, subcommand after a space, as in XGROUP CREATE",
    );
    refused("enable = true\n[match]\nttl = \"none\"\n", "8: unknown key `enable` in the rule [enable] did you mean `enabled`?");
    refused(
        "severity = \"bad\"\n[match]\nttl = \"none\"\n",
        "7: `bad` is no value of `severity` [\"bad\"] it is one of error, warning, info",
    );
    refused("sources = []\n[match]\nttl = \"none\"\n", "7: this list is empty [[]] write what it should contain, or leave the key out");
    refused("message = \"m {kye}\"\n[match]\nttl = \"none\"\n", "7: an operation has no slot `kye` [kye] did you mean `key`?");
    refused("[match]\nttl = 5\n", "9: expected text, found a number [5] -");
    refused("[match]\nkey_count = { min = \"option.keys\" }\n", "9: the rule has no option `keys` [\"option.keys\"] -");
    refused("[match]\nttl = { min = 3 }\n", "9: `ttl` has no order [min] use a list of values");
    refused("[match]\n", "8: no predicate: this would match everything [[match]] -");
}

#[test]
fn mistakes_in_pairs_are_found() {
    refused(
        "[match.first]\nttl = \"none\"\n",
        "8: `first` alone is no pair [first] add [match.then] or [match.absent]; without either, write the predicates in [match]",
    );
    refused("[match.then]\nttl = \"none\"\n", "8: `then` without `first` [then] add [match.first]");
    refused("[match]\nttl = \"none\"\npath = \"always\"\n", "10: `path` is no fact of event `operation` [path] -");
    refused(
        "[match.first]\nttl = \"none\"\npath = \"always\"\n[match.then]\ncommand = \"EXPIRE\"\n",
        "10: relation `path` in `first` [path] relations belong to [match.then]",
    );
    refused(
        "[match.first]\nttl = \"none\"\n[match.then]\ncommand = \"EXPIRE\"\nsame = [\"keys\"]\n",
        "12: `keys` is no value of `same` [\"keys\"] did you mean `key`?",
    );
    refused(
        "message = \"{key}\"\n[match.first]\nttl = \"none\"\n[match.then]\ncommand = \"EXPIRE\"\n",
        "7: `key` of which event? [key] write {first.key} or {then.key}",
    );
    refused(
        "[match]\nloop = \"none\"\n[match.first]\nttl = \"none\"\n[match.then]\ncommand = \"EXPIRE\"\n",
        "9: `loop` stands outside the events of this pair [loop] a predicate belongs to [match.first], [match.then] or [match.absent]",
    );
    refused(
        "[match.first]\nttl = \"none\"\n[match.absent]\ncommand = \"EXPIRE\"\n",
        "10: `absent` needs `within` [absent] say where it is looked for: after, between or before",
    );
    refused(
        "[[match]]\nttl = \"none\"\n[[match]]\nttl = \"none\"\nseverity = \"info\"\n",
        "10: this case matches what an earlier one matches [[[match]]] remove one of them",
    );
}

#[test]
fn mistakes_in_fixes_are_found() {
    let fix = |lines: &str| format!("[match]\nttl = \"none\"\n[fix]\n{lines}");
    refused(
        &fix("safety = \"safe\"\ntitle = \"T\"\n"),
        "10: this fix does nothing [[fix]] add one of change, remove, reshape, wrap, listener",
    );
    refused(
        &fix("safety = \"safe\"\ntitle = \"T\"\nremove = \"then\"\n"),
        "13: `then` is no value of the events of this case [\"then\"] it is one of event",
    );
    refused(
        &fix("safety = \"safe\"\ntitle = \"T\"\nlistener = \"error\"\n"),
        "13: only a client takes a listener [listener] write event = \"client\" in the case",
    );
    refused(
        &fix("safety = \"safe\"\ntitle = \"T\"\nwrap = { ttl = \"int\" }\n"),
        "13: `int` is no value of `wrap` [\"int\"] it is one of json, string, number, integer, positive?, empty?",
    );
    refused(
        &fix("safety = \"safe\"\ntitle = \"T\"\nreshap = true\n"),
        "13: unknown key `reshap` in `fix` [reshap] did you mean `reshape`?",
    );
}

#[test]
fn mistakes_of_the_page_are_found() {
    for (text, message) in [
        ("no title\n```toml rule\n```\n", "the page has no title"),
        ("# a\n\n# b\n```toml rule\n```\n", "the page has two titles"),
        ("# a\n", "the page has no rule block"),
        ("# a\n```toml rule\n```\n```toml rule\n```\n", "the page has two rule blocks"),
        ("# a\n```ts fixed\n```\n", "this `fixed` example fixes nothing"),
        ("# a\n```ts fail\nx()\n```\n", "this example fails nowhere: mark each expected line with a `reported` comment"),
        ("# a\n```toml rule\nx = \n```\n", "string values must be quoted, expected literal string"),
        ("# a\n```toml rule\n```\n", "the rule has no `category`"),
    ] {
        let errors = page("x.md", text, true).unwrap_err();
        assert!(errors.iter().any(|error| error.message == message), "{message}\n{}", show(&errors));
    }
    let errors = page("rules/Bad_name.md", &text("[match]\nttl = \"none\"\n"), true).unwrap_err();
    assert!(errors[0].message.starts_with("`Bad_name` is no rule id"));
}

#[test]
fn supersedes_is_closed_and_checked() {
    let page = |over: &str| {
        let over = if over.is_empty() { String::new() } else { format!("supersedes = [\"{over}\"]\n") };
        text(&format!("{over}[match]\nttl = \"none\"\n"))
    };
    let load = |a: &str, b: &str, c: &str, embedded: bool| {
        Rules::of_pages([("a.md", page(a).as_str(), embedded), ("b.md", page(b).as_str(), embedded), ("c.md", page(c).as_str(), embedded)])
    };
    let rules = load("b", "c", "", true).unwrap();
    assert!(rules.supersedes("a", "c") && rules.supersedes("a", "b") && !rules.supersedes("c", "a"));
    assert_eq!(
        show(&load("b", "c", "b", true).unwrap_err()).lines().next(),
        Some("8: `b` and `c` supersede each other [\"c\"] let one of them win")
    );
    assert_eq!(show(&load("d", "", "", true).unwrap_err()), "8: there is no rule `d` to supersede [\"d\"] did you mean `a`?");
    assert!(load("d", "", "", false).is_ok(), "a user's rule may name a rule that is not installed");
}

#[test]
fn the_embedded_pages_load() {
    let rules = Rules::embedded().unwrap_or_else(|errors| panic!("{}", show(&errors)));
    assert!(rules.get("keys-command").is_some());
    assert_eq!(rules.nearest("key-command"), Some("keys-command"));
}

#[test]
fn a_page_of_the_user_replaces_an_embedded_one() {
    let own = text("severity = \"info\"\n[match]\ncommand = \"KEYS\"\n");
    let rules = Rules::load([("mine/keys-command.md", own.as_str())]).unwrap_or_else(|errors| panic!("{}", show(&errors)));
    assert_eq!(rules.get("keys-command").map(|rule| rule.severity.word()), Some("info"));
}
