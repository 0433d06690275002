mod rows;
mod spelling;

use super::*;

fn libraries() -> &'static Libraries {
    match Libraries::builtin() {
        Ok(libraries) => libraries,
        Err(error) => panic!("{error} {:?}", error.help),
    }
}

fn library(name: &str) -> &'static Library {
    let id = libraries().named(name).unwrap_or_else(|| panic!("no table {name}"));
    libraries().get(id)
}

/// The versions of a library that a range in table form names; `""` for all.
fn versions(library: &Library, range: &str) -> Versions {
    match range {
        "" => library.all_versions(),
        range => library.versions(&[VersionRange::parse(range).unwrap_or_else(|| panic!("range {range}"))]),
    }
}

/// Writes what collapsed: the value, and a `~` when the versions differ.
fn shown<T>(found: Option<Collapsed<T>>, show: impl Fn(&T) -> String) -> String {
    found.map_or("-".to_owned(), |found| format!("{}{}", show(&found.newest), if found.agree { "" } else { "~" }))
}

#[test]
fn ranges() {
    let cases: &[(&str, &str, bool)] = &[
        ("3", "3.9", true),
        ("3", "4.0", false),
        ("4.3", "4.3", true),
        ("4.3", "4.4", false),
        (">=4.3", "6.0", true),
        (">=4.3", "4.2", false),
        (">4", "4.9", false),
        (">4", "5.0", true),
        ("<=4", "4.9", true),
        ("<4.3", "4.2", true),
        ("<4.3", "4.3", false),
        ("4..5", "5.9", true),
        ("4..5", "6.0", false),
        (">=4.6,<5", "4.6", true),
        (">=4.6,<5", "5.0", false),
    ];
    for (range, version, holds) in cases {
        let range_read = VersionRange::parse(range).unwrap_or_else(|| panic!("{range}"));
        assert_eq!(range_read.contains(Version::parse(version).unwrap_or(Version::new(0, 0))), *holds, "{range} {version}");
    }
    for wrong in ["", "x", "~> 4", ">=", "4..x", "^4"] {
        assert_eq!(VersionRange::parse(wrong), None, "{wrong}");
    }
    assert_eq!(Version::parse("v5.10.0-rc.1"), Some(Version::new(5, 10)));
}

#[test]
fn package_manager_ranges() {
    let rb = library("redis-rb");
    // `~> 4.6`
    let allowed = rb.versions_that(|major, minor| major == 4 && minor >= 6);
    assert_eq!(allowed, versions(rb, ">=4.6,<5"));
    assert_eq!(rb.versions_that(|_, _| true), rb.all_versions());
    // One that is older than any counts as the first.
    assert_eq!(rb.versions_that(|major, _| major < 3), versions(rb, "3"));
    assert_eq!(rb.majors_that(|major, _| major < 3), [3]);
    assert_eq!(rb.majors_that(|_, _| false), [3, 4, 5, 6]);
    // A version newer than any the table knows counts as the last.
    assert_eq!(rb.versions_that(|major, _| major == 9), versions(rb, "6"));
}

#[test]
fn finds_libraries() {
    let name = |id: Option<LibraryId>| id.map_or("-", |id| libraries().get(id).name.as_str());
    for (specifier, want) in [
        ("redis", "node-redis"),
        ("@redis/client", "node-redis"),
        ("ioredis", "ioredis"),
        ("ioredis/built", "-"),
        ("@upstash/redis", "upstash"),
        ("@upstash/redis/cloudflare", "upstash"),
        ("@upstash/redis/x", "-"),
        ("bun", "bun"),
        ("redis-client", "-"),
    ] {
        assert_eq!(name(libraries().npm(specifier)), want, "{specifier}");
    }
    for (gem, want) in [("redis", "redis-rb"), ("redis-client", "redis-client"), ("sidekiq", "sidekiq"), ("ioredis", "-")] {
        assert_eq!(name(libraries().gem(gem)), want, "{gem}");
    }
    for (constant, want) in [
        ("Redis", vec!["redis-rb"]),
        ("RedisClient", vec!["redis-client"]),
        ("Redis::Namespace", vec!["redis-namespace"]),
        ("Sidekiq", vec!["sidekiq"]),
        ("Rails", vec!["rails"]),
        ("Redistribution", vec![]),
    ] {
        let found: Vec<&str> = libraries().by_constant(constant).iter().map(|id| libraries().get(*id).name.as_str()).collect();
        assert_eq!(found, want, "{constant}");
    }
}

#[test]
fn strict_tables() {
    let table = |rows: &str| format!("name = \"x\"\necosystem = \"npm\"\npackages = [\"x\"]\nmajors = [1, 2]\n{rows}\n");
    // rows, line, message begins, help
    let cases: &[(&str, usize, &str, Option<&str>)] = &[
        ("colour = 1", 5, "unknown field `colour`", None),
        (
            "\nform = [{ comand = \"SET\", shape = \"options\", verdict = \"accepted\" }]",
            6,
            "unknown field `comand`",
            Some("did you mean `command`?"),
        ),
        (
            "form = [{ command = \"SET\", shape = \"options\", verdict = \"acepted\" }]",
            5,
            "unknown variant `acepted`",
            Some("did you mean `accepted`?"),
        ),
        (
            "form = [{ command = \"SETT\", shape = \"options\", verdict = \"accepted\" }]",
            5,
            "`SETT` is not a command",
            Some("did you mean `SET`?"),
        ),
        (
            "close = [\n  { method = \"quit\", versions = \">=1\", graceful = true, verdict = \"fine\" },\n  { method = [\"end\", \"quit\"], versions = \"2\", graceful = true, verdict = \"fine\" },\n]",
            7,
            "two rows are about `quit`",
            Some("give the rows `versions` that do not overlap, or remove one"),
        ),
        (
            "close = [{ method = \"quit\", versions = \"0\", graceful = true, verdict = \"fine\" }]",
            5,
            "the row holds for no version",
            Some("correct"),
        ),
        ("close = [{ method = \"quit\", versions = \"^1\", graceful = true, verdict = \"fine\" }]", 5, "`^1` is not a range", None),
        ("like = \"ioredi\"", 5, "there is no table `ioredi`", Some("did you mean `ioredis`?")),
        ("like = \"ioredis@2\"", 5, "`ioredis` has no version", Some("write a version")),
        ("like = \"x\"", 5, "there is no table `x`", None),
        ("make = [{ export = \"a\", call = \"method\", role = \"connection\" }]", 5, "unknown variant `method`", None),
        (
            "form = [{ command = \"SET\", shape = \"options\", verdict = \"accepted\", keys = { EX = \"ttl:sec\" } }]",
            5,
            "unknown variant `ttl:sec`",
            Some("did you mean `ttl:s`?"),
        ),
        ("packages = []", 5, "duplicate key", None),
    ];
    for (rows, line, message, help) in cases {
        let text = table(rows);
        let error = match Libraries::load([("clients/x.toml", text.as_str())]) {
            Ok(_) => panic!("loaded: {rows}"),
            Err(error) => error,
        };
        assert!(error.message.starts_with(&format!("clients/x.toml:{line}: {message}")), "{}", error.message);
        assert_eq!(error.line, *line, "{rows}");
        match (help, &error.help) {
            (Some(want), Some(have)) => assert!(have.starts_with(want), "{have}"),
            (Some(want), None) => panic!("no help for {rows}, wanted {want}"),
            (None, _) => {}
        }
    }
}

#[test]
fn a_users_table_takes_the_place_of_the_programs() {
    let text = "name = \"ioredis\"\necosystem = \"npm\"\npackages = [\"my-redis\"]\nmajors = [1]\n";
    let own = match Libraries::load([("mine.toml", text)]) {
        Ok(libraries) => libraries,
        Err(error) => panic!("{error}"),
    };
    assert!(own.npm("my-redis").is_some());
    assert!(own.npm("redis").is_some());
    assert_eq!(own.npm("ioredis"), None);
}
