//! `redis-lint.toml`, through the built binary: what it changes, and how its mistakes are told.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Exit code, output and errors of a run in a folder.
fn lint(folder: &Path, line: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redis-lint"));
    command.args(line.split_whitespace()).current_dir(folder).env_remove("NO_COLOR");
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// `path:line rule severity` of all findings.
fn findings(folder: &Path, line: &str) -> Vec<String> {
    let (code, out, err) = lint(folder, &format!("{line} --format json"));
    assert!(code < 2, "redis-lint {line}\n{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let text = |row: &Value, name: &str| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned);
    let rows = report["findings"].as_array().unwrap().iter();
    rows.map(|row| format!("{}:{} {} {}", text(row, "path"), row["line"], text(row, "rule"), text(row, "severity"))).collect()
}

/// A folder of files, each given as `== path` and its lines.
fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in text.split("== ").skip(1) {
        let (path, content) = part.split_once('\n').unwrap();
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

const KEYS: &str = "import Redis from 'ioredis';\nconst redis = new Redis();\nexport const all = () => redis.keys('*');\n";

/// A workspace in which each of these files calls KEYS in line 3.
fn workspace(configurations: &str, paths: &[&str]) -> tempfile::TempDir {
    let files: String = paths.iter().map(|path| format!("== {path}\n{KEYS}")).collect();
    folder(&format!("== package.json\n{{ \"workspaces\": [\"*\"] }}\n{configurations}{files}"))
}

#[test]
fn what_is_written_holds() {
    let paths = ["a.ts", "gen/b.ts", "tools/c.ts", "lib/d.ts", "qa/e.ts", "examples/f.ts"];
    for (configuration, expected) in [
        ("", "a error, gen/b error, lib/d error, qa/e error, tools/c error"),
        ("rules.keys-command = 'info'", "a info, gen/b info, lib/d info, qa/e info, tools/c info"),
        ("rules.keys-command = 'off'", ""),
        ("rules.all = 'off'", ""),
        ("rules.all = 'off'\nrules.keys-command = 'on'", "a error, gen/b error, lib/d error, qa/e error, tools/c error"),
        ("[rules]\nkeys-command = { severity = 'warning' }", "a warning, gen/b warning, lib/d warning, qa/e warning, tools/c warning"),
        ("exclude = ['gen', 'tools/**']", "a error, lib/d error, qa/e error"),
        ("exclude = ['/*/', '!lib']", "a error, lib/d error"),
        ("include = ['lib']", "lib/d error"),
        ("tests = ['qa', '!examples']", "a error, examples/f error, gen/b error, lib/d error, tools/c error"),
        (
            "rules.keys-command = 'info'\n[[overrides]]\npaths = ['tools', 'gen']\nrules.blocking = 'off'\n[[overrides]]\npaths = ['gen/*']\nrules.keys-command = 'on'",
            "a info, gen/b error, lib/d info, qa/e info",
        ),
    ] {
        let project = workspace(&format!("== redis-lint.toml\n{configuration}\n"), &paths);
        let found = findings(project.path(), "--ignore connection");
        let short: Vec<String> = found.iter().map(|row| row.replace(".ts:3 keys-command", "")).collect();
        assert_eq!(short.join(", "), expected, "{configuration}");
    }
}

#[test]
fn the_nearest_file_counts_and_may_build_on_others() {
    let configurations = "== redis-lint.toml\nrules.keys-command = 'info'\nexclude = ['gen']\n\
        == one/redis-lint.toml\n\
        == two/redis-lint.toml\nextends = ['..', '../shared/strict.toml']\n\
        == two/deep/redis-lint.toml\nextends = ['..']\nrules.keys-command = 'warning'\nexclude = ['old.ts']\n\
        == shared/strict.toml\n[[overrides]]\npaths = ['/shared']\nrules.all = 'off'\n";
    let paths = ["a.ts", "one/a.ts", "one/gen/a.ts", "two/a.ts", "two/deep/a.ts", "two/deep/old.ts", "shared/a.ts"];
    let project = workspace(configurations, &paths);
    let everything = [
        "a.ts:3 keys-command info",
        "one/a.ts:3 keys-command error",
        "shared/a.ts:3 keys-command info",
        "two/a.ts:3 keys-command info",
        "two/deep/a.ts:3 keys-command warning",
    ];
    assert_eq!(findings(project.path(), "--select keys-command"), everything);
    // From inside as from the top, and a file as its folder.
    assert_eq!(findings(&project.path().join("two/deep"), "--select keys-command"), ["a.ts:3 keys-command warning"]);
    assert_eq!(findings(&project.path().join("two"), "--select keys-command deep/a.ts"), ["deep/a.ts:3 keys-command warning"]);
    assert_eq!(findings(project.path(), "--select keys-command two/a.ts one"), [everything[1], everything[3]]);
    // The command line wins.
    let errors = |rows: Vec<String>| rows.iter().filter(|row| row.ends_with("error")).count();
    assert_eq!(errors(findings(project.path(), "--select keys-command --no-config")), 7);
    assert_eq!(findings(project.path(), "--select keys-command --config two/deep/redis-lint.toml").len(), 5);
}

#[test]
fn a_file_that_is_left_out_is_told_when_it_is_given() {
    let project = workspace("== redis-lint.toml\nexclude = ['gen']\n", &["gen/a.ts"]);
    let (code, out, _) = lint(project.path(), "gen/a.ts");
    assert_eq!(code, 0);
    assert!(out.starts_with("not analysed: gen/a.ts: the configuration leaves it out\n"), "{out}");
}

#[test]
fn rules_options_tables_and_declared_clients_of_the_project() {
    let page = "# Reads\n\n```toml rule\ncategory = \"keys\"\nseverity = \"info\"\nsources = [\"https://redis.io/\"]\nmessage = \"{library} reads {arguments}\"\n[options.most]\ntype = \"number\"\ndefault = 9\nabout = \"how many arguments are too many\"\n[match]\ncommand = \"GET\"\narguments = { min = \"option.most\" }\n```\n";
    let page = page.replace(" {arguments}", "");
    let project = folder(&format!(
        "== package.json\n{{ \"dependencies\": {{ \"ioredis\": \"^5\" }} }}\n\
         == redis-lint.toml\nrule-pages = ['lint/rules']\nclient-tables = ['lint/clients']\nrules.reads = {{ most = 1 }}\n\
         [[clients]]\npackage = '@acme/kv'\nexport = ['default', 'kv']\ngives = 'ioredis'\n\
         [[clients]]\npackage = '@acme/kv'\nexport = ['open']\ncall = 'function'\ngives = 'ioredis'\n\
         [[clients]]\nconstant = 'Acme::Redis'\nmethod = ['with']\nblock = true\ngives = 'redis-rb@5'\n\
         == lint/rules/reads.md\n{page}\
         == lint/clients/mine.toml\nname = \"mine\"\necosystem = \"npm\"\npackages = [\"my-redis\"]\nmajors = [1]\nlike = \"ioredis@5\"\nmake = [{{ export = [\"Client\"], call = \"new\", role = \"connection\", arguments = [\"none\"] }}]\n\
         == a.ts\nimport {{ Client }} from 'my-redis';\nconst client = new Client();\nexport const get = (id: string) => client.get(`user:${{id}}`);\n\
         == b.ts\nimport kv, {{ kv as other, open }} from '@acme/kv';\nexport const get = (id: string) => kv.get(`user:${{id}}`);\nexport const get2 = (id: string) => other.get(`user:${{id}}`);\nconst opened = open();\nexport const get3 = (id: string) => opened.get(`user:${{id}}`);\n\
         == c.rb\nclass Users\n  def get(id)\n    Acme::Redis.with {{ |redis| redis.get(\"user:#{{id}}\") }}\n  end\nend\n"
    ));
    let (_, out, err) = lint(project.path(), "--select reads --format json");
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    let rows = report["findings"].as_array().unwrap().iter();
    let rows: Vec<String> =
        rows.map(|row| format!("{}:{} {}", row["path"].as_str().unwrap(), row["line"], row["message"].as_str().unwrap())).collect();
    let expected =
        ["a.ts:3 mine reads", "b.ts:2 ioredis reads", "b.ts:3 ioredis reads", "b.ts:5 @acme/kv reads", "c.rb:3 redis-rb@5 reads"];
    assert_eq!(rows, expected);
}

#[test]
fn a_declared_package_counts_as_declared_also_where_its_source_is_read() {
    let project = folder(
        "== package.json\n{ \"workspaces\": [\"packages/*\"], \"dependencies\": { \"ioredis\": \"^5\" } }\n\
         == redis-lint.toml\n[[clients]]\npackage = '@acme/kv'\nexport = ['kv']\ngives = 'ioredis'\n\
         == packages/kv/package.json\n{ \"name\": \"@acme/kv\", \"main\": \"index.ts\" }\n\
         == packages/kv/index.ts\nexport const kv = load(eval('require')('./native'));\n\
         == packages/app/package.json\n{ \"name\": \"app\", \"dependencies\": { \"@acme/kv\": \"workspace:*\" } }\n\
         == packages/app/a.ts\nimport { kv } from '@acme/kv';\nexport const all = () => kv.keys('user:*');\n",
    );
    let (_, out, err) = lint(project.path(), "--select keys-command --format short --quiet");
    assert!(out.starts_with("packages/app/a.ts:2:29: error: KEYS"), "{out}{err}");
}

#[test]
fn mistakes_are_told_at_their_line_with_what_was_meant() {
    for (text, line, expected) in [
        ("includes = ['a']", 1, "did you mean `include`?"),
        ("\ninclude = 'a'", 2, "expected a sequence"),
        ("include = [1]", 1, "expected a string"),
        ("include = ['a'", 1, "unclosed array"),
        ("\nexclude = ['a[']", 2, "this is not a glob"),
        ("target = 'redis seven'", 1, "\"redis 7.2\""),
        ("service = 'elasticash'", 1, "did you mean `elasticache`?"),
        ("rules.keys-comand = 'off'", 1, "did you mean `keys-command`?"),
        ("[rules]\natomicty = 'off'", 2, "did you mean `atomicity`?"),
        ("[rules]\nkeys-command = 'eror'", 2, "did you mean `error`?"),
        ("[rules]\nkeys-command = 3", 2, "or a table with `severity` and options"),
        ("[rules]\nkeys-command = { severty = 'off' }", 2, "did you mean `severity`?"),
        ("[rules]\nttl = { most = 3 }", 2, "`ttl` has no options"),
        ("[rules.excessive-ttl]\nsecond = 3", 2, "did you mean `seconds`?"),
        ("[rules.excessive-ttl]\nseconds = '1h'", 2, "`seconds` is a number, not string"),
        ("[rules.set-without-ttl]\nnamespaces = 'cache:'", 2, "`namespaces` is a list of texts, not string"),
        ("[rules.set-without-ttl]\nnamespaces = [1]", 2, "`namespaces` is a list of texts"),
        ("[rules.odd-key-separator]\nseparator = '::'", 2, "`separator` is one of : / | #"),
        ("[[overrides]]\nrules.all = 'off'", 1, "missing field `paths`"),
        ("[[overrides]]\npaths = []\nrules.all = 'off'", 3, "its `paths` are empty"),
        ("[[overrides]]\npaths = ['a']\nrules.zzzzzzzz = 'off'", 3, "there is no rule and no category `zzzzzzzz`"),
        ("\nextends = ['gone.toml']", 2, "`gone.toml` cannot be read"),
        ("extends = ['redis-lint.toml']", 1, "builds on this file"),
        ("rule-pages = ['gone']", 1, "there is no folder `gone`"),
        ("[[clients]]\npackage = 'a'\nexport = ['b']\ngives = 'ioredi'", 4, "did you mean `ioredis`?"),
        ("[[clients]]\npackage = 'a'\nexport = ['b']\ngives = 'ioredis@99'", 4, "known are the majors"),
        ("[[clients]]\npackage = 'a'\ngives = 'ioredis'", 2, "export = [\"redis\"]"),
        ("[[clients]]\nconstant = 'A'\ngives = 'redis-rb'", 2, "method = [\"with\"]"),
        ("[[clients]]\ngives = 'redis-rb'", 1, "write `package` and `export`, or `constant` and `method`"),
        ("require-reasons = 'yes'", 1, "expected a boolean"),
    ] {
        let project = folder(&format!("== package.json\n{{}}\n== redis-lint.toml\n{text}\n== a.ts\n\n"));
        let (code, out, err) = lint(project.path(), "");
        assert_eq!((code, out.as_str()), (2, ""), "{text}\n{err}");
        assert!(err.contains(&format!("redis-lint.toml:{line}:")), "{text}: line {line} is not in\n{err}");
        // What is said may be broken into lines.
        let words = |text: &str| text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&err).contains(&words(expected)), "{text}: {expected} is not in\n{err}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let project =
        folder("== redis-lint.toml\ntarget = 'x'\nrules.ttll = 'off'\n[[overrides]]\npaths = ['a']\nrules.keyss = 'off'\n== a.ts\n\n");
    let (_, _, err) = lint(project.path(), "");
    for line in ["redis-lint.toml:1:", "redis-lint.toml:2:", "redis-lint.toml:5:", "3 mistakes in the configuration"] {
        assert!(err.contains(line), "{line} is not in\n{err}");
    }
}

#[test]
fn a_configuration_that_is_not_there_is_told() {
    let project = folder("== a.ts\n\n");
    let (code, _, err) = lint(project.path(), "--config gone.toml");
    assert!(code == 2 && err.contains("the configuration `gone.toml` cannot be read"), "{err}");
}

#[test]
fn the_configuration_of_a_path_is_shown_with_its_origins() {
    let configurations = "== redis-lint.toml\ntarget = 'redis 7.2'\nexclude = ['gen']\n[rules]\natomicity = 'off'\n[[overrides]]\npaths = ['tools']\nrules.keys-command = 'off'\n\
        == deep/redis-lint.toml\nextends = ['..']\nrequire-reasons = true\n[[clients]]\nconstant = 'Acme::Redis'\nmethod = ['with']\ngives = 'redis-rb'\n";
    let project = workspace(configurations, &["a.ts", "tools/a.ts", "deep/a.ts"]);
    let shown = |path: &str| lint(project.path(), &format!("config {path}")).1;
    for (path, expected) in [
        (
            "",
            "# redis-lint.toml\ntarget = \"redis 7.2\" # redis-lint.toml:1\nrequire-reasons = false # default\nexclude = [\"gen\"] # redis-lint.toml:2\n\n[rules]",
        ),
        ("a.ts", "keys-command = \"error\" # default"),
        ("a.ts", "set-then-expire = \"off\" # redis-lint.toml:4"),
        ("tools/a.ts", "keys-command = \"off\" # redis-lint.toml:7"),
        ("deep/new.ts", "# redis-lint.toml, deep/redis-lint.toml\n"),
        ("deep", "require-reasons = true # deep/redis-lint.toml:2"),
        ("deep", "\n[clients]\n\"Acme::Redis\" = \"redis-rb\" # deep/redis-lint.toml:3\n"),
    ] {
        let text = shown(path).lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n");
        assert!(text.contains(expected), "{path}: {expected} is not in\n{text}");
        assert!(shown(path).parse::<toml::Table>().is_ok(), "{text}");
    }
    let report: Value = serde_json::from_str(&lint(project.path(), "config --format json").1).unwrap();
    assert_eq!(
        report["values"][0],
        serde_json::json!({ "table": "", "key": "target", "option": null, "value": "redis 7.2", "origin": "redis-lint.toml:1" })
    );
}

#[test]
fn options_of_rules_are_set_by_file_and_path_and_shown_with_their_origin() {
    let project = folder(
        "== package.json\n{ \"dependencies\": { \"ioredis\": \"^5\" } }\n\
         == redis-lint.toml\n[rules]\nall = 'off'\nundeclared-key-prefix = { severity = 'error', prefixes = ['user:', 'cart:'] }\n\
         set-without-ttl = { severity = 'warning', namespaces = ['cart:'] }\n[rules.excessive-ttl]\nseverity = 'info'\nseconds = 60\n\
         [rules.brief-ttl]\nseverity = 'on'\nseconds = 5\n[rules.odd-key-separator]\nseverity = 'on'\n\
         [[overrides]]\npaths = ['old']\nrules.undeclared-key-prefix.prefixes = ['legacy']\n\
         == a.ts\nimport Redis from 'ioredis';\nconst redis = new Redis();\nexport const go = async (id: string) => {\n\
         await redis.set(`user:${id}`, '1');\nawait redis.set(`cart:${id}`, '1');\nawait redis.set(`page:${id}`, '1', 'EX', 61);\n\
         await redis.set(`user_${id}`, '1', 'EX', 5);\nawait redis.set(id, '1');\n};\n\
         == old/a.ts\nimport Redis from 'ioredis';\nconst redis = new Redis();\nexport const go = async (id: string) => {\n\
         await redis.set(`legacy:${id}`, '1');\nawait redis.set(`user:${id}`, '1');\n};\n",
    );
    let (_, out, err) = lint(project.path(), "--format json");
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    let row = |row: &Value| format!("{}:{} {}", row["path"].as_str().unwrap(), row["line"], row["rule"].as_str().unwrap());
    let rows: Vec<String> = report["findings"].as_array().unwrap().iter().map(row).collect();
    let expected = [
        "a.ts:5 set-without-ttl",
        "a.ts:6 excessive-ttl",
        "a.ts:6 undeclared-key-prefix",
        "a.ts:7 brief-ttl",
        "a.ts:7 odd-key-separator",
        "a.ts:7 undeclared-key-prefix",
        "old/a.ts:5 undeclared-key-prefix",
    ];
    assert_eq!(rows, expected);
    for (path, expected) in [
        ("a.ts", "undeclared-key-prefix.prefixes = [\"user:\",\"cart:\"] # redis-lint.toml:3"),
        ("old/a.ts", "undeclared-key-prefix.prefixes = [\"legacy\"] # redis-lint.toml:15"),
        ("old/a.ts", "undeclared-key-prefix.severity = \"error\" # redis-lint.toml:3"),
        ("a.ts", "excessive-ttl.seconds = 60 # redis-lint.toml:7"),
        ("a.ts", "odd-key-separator.separator = \":\" # default"),
    ] {
        let (_, out, err) = lint(project.path(), &format!("config {path}"));
        let lines: Vec<String> = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert!(lines.iter().any(|line| line == expected), "{path}: {expected} is not in\n{out}{err}");
        assert!(out.parse::<toml::Table>().is_ok(), "{out}");
    }
}

#[test]
fn the_committed_schema_is_the_one_that_is_generated() {
    let folder = folder("== a.ts\n");
    let (_, generated, _) = lint(folder.path(), "config --schema");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/redis-lint.toml.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == generated, "schemas/redis-lint.toml.schema.json is stale: run `UPDATE=1 cargo test --test configuration`");
    let schema: Value = serde_json::from_str(&generated).unwrap();
    let mut reference = String::new();
    for (title, place) in [("", ""), ("Of `[[overrides]]`:", "/definitions/Override"), ("Of `[[clients]]`:", "/definitions/ClientEntry")] {
        if !title.is_empty() {
            reference.push_str(&format!("\n{title}\n"));
        }
        reference.push_str("\n| key | meaning |\n|---|---|\n");
        for (key, value) in schema.pointer(&format!("{place}/properties")).unwrap().as_object().unwrap() {
            reference.push_str(&format!("| `{key}` | {} |\n", value["description"].as_str().unwrap()));
        }
    }
    reference.push_str("\nOptions of rules:\n\n| rule | option | by default | meaning |\n|---|---|---|---|\n");
    for (rule, entry) in schema["properties"]["rules"]["properties"].as_object().unwrap() {
        for (option, value) in entry["anyOf"][1]["properties"].as_object().unwrap().iter().filter(|(option, _)| *option != "severity") {
            let (default, about) = (&value["default"], value["description"].as_str().unwrap());
            reference.push_str(&format!("| [`{rule}`](../rules/{rule}.md) | `{option}` | `{default}` | {about} |\n"));
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (start, end) = ("--test configuration` -->\n", "<!-- end of keys -->");
    let from = page.find(start).unwrap() + start.len();
    let to = from + page[from..].find(end).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, format!("{}{reference}\n{}", &page[..from], &page[to..])).unwrap();
    } else {
        assert_eq!(
            page[from..to].trim(),
            reference.trim(),
            "docs/configuration.md is stale: run `UPDATE=1 cargo test --test configuration`"
        );
    }
    assert_eq!(schema["properties"]["rules"]["properties"]["keys-command"]["description"], "KEYS visits every key (error)");
}

#[test]
fn a_first_configuration_says_what_was_found() {
    let project = workspace(
        "== compose.yaml\nservices:\n  kv:\n    image: 'valkey/valkey:8.1-alpine' # cache\n== .github/workflows/ci.yml\nimage: redis:7\n",
        &["a.ts", "b.ts"],
    );
    std::fs::write(project.path().join("c.ts"), KEYS.replace("keys('*')", "get('user:1')")).unwrap();
    let before = findings(project.path(), "");
    let (code, out, err) = lint(project.path(), "init");
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("Wrote redis-lint.toml.\nFound when this was written:\ncalls    ioredis"), "{out}");
    let text = std::fs::read_to_string(project.path().join("redis-lint.toml")).unwrap();
    for expected in [
        "#   keys     user: (1)\n",
        "as compose.yaml has it.\ntarget = \"valkey 8.1\"\n# .github/workflows/ci.yml has another one: redis 7.0\n",
        "# keys-command = \"off\"  # reported 2 times\n",
        "# undeclared-key-prefix.prefixes = [\"user:\"]  # report keys that begin otherwise\n",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    // It changes nothing, and neither does it when what it offers is taken.
    assert_eq!(findings(project.path(), ""), before);
    let all: String = text
        .lines()
        .map(|line| if line.contains(" = ") || line.starts_with("# [[") { line.trim_start_matches("# ") } else { line })
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(project.path().join("redis-lint.toml"), &all).unwrap();
    let (code, _, err) = lint(project.path(), "");
    assert!(code < 2, "{all}\n{err}");
    let (code, _, err) = lint(project.path(), "init");
    assert!(code == 2 && err.contains("there is a redis-lint.toml here already"), "{err}");
}
