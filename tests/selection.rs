//! Which files are parsed does not change what is found, and neither does the order in which files are given.

use std::path::Path;

use redis_lint::client::Libraries;
use redis_lint::context::PathRules;
use redis_lint::fix;
use redis_lint::pipeline::{Input, analyze};
use redis_lint::project::{Manifest, Project};
use redis_lint::rule::{Rules, Selected, check};
use redis_lint::source::{Language, SourceFile};

/// A project in both languages whose clients and keys pass through files that never say "redis".
const FILES: &[(&str, &str)] = &[
    ("src/redis.ts", "import { Redis } from 'ioredis';\nexport const store = new Redis(process.env.REDIS_URL!);\n"),
    ("src/index.ts", "export * from './redis';\nexport { default as keys } from './keys';\n"),
    ("src/keys.ts", "import { PREFIX } from './names';\nexport default { cart: (id: string) => `${PREFIX}:cart:${id}` };\n"),
    ("src/names.ts", "export const PREFIX = 'shop';\n"),
    (
        "src/cart.ts",
        "import { store, keys } from './index';\nexport async function save(id: string, v: string) {\n  await store.set(keys.cart(id), v);\n  await store.expire(keys.cart(id), 60);\n}\n",
    ),
    (
        "src/jobs.ts",
        "import { save } from './cart';\nexport async function all(ids: string[]) {\n  for (const id of ids) await save(id, '1');\n}\n",
    ),
    ("src/other.ts", "export const unrelated = new Map();\nunrelated.set('a', 1);\n"),
    ("lib/pool.rb", "POOL = ConnectionPool.new { Redis.new }\nmodule Storage\n  def conn = @conn ||= Redis.new\nend\n"),
    ("lib/base.rb", "class Base\n  include Storage\nend\n"),
    ("lib/names.rb", "module Names\n  SHOP = \"shop\"\nend\n"),
    (
        "lib/cart.rb",
        "class Cart < Base\n  def save(id, v)\n    conn.set(\"#{Names::SHOP}:#{id}\", v)\n    conn.expire(\"#{Names::SHOP}:#{id}\", 60)\n  end\nend\n",
    ),
    ("lib/pooled.rb", "class Pooled\n  def all(ids)\n    POOL.with { |c| ids.each { |id| c.get(\"shop:#{id}\") } }\n  end\nend\n"),
    (
        "lib/flags.rb",
        "# Flags, kept in Redis.\nclass Flags\n  def initialize(storage) = @storage = storage\n  def on?(name) = @storage.get(\"flag:#{name}\")\nend\n",
    ),
    ("lib/boot.rb", "FLAGS = Flags.new(Redis.new)\nmodule Settings\n  CACHE = :redis_cache_store\nend\n"),
    ("lib/report.rb", "class Report\n  def forget = Rails.cache.clear\nend\n"),
    (
        "src/limits.ts",
        "import {\n  type Limits,\n  importLimits,\n} from './cart-limits';\nexport const over = (limits: Limits) => importLimits('a');\n",
    ),
    (
        "src/cart-limits.ts",
        "import { store as kept } from './index';\nexport type Limits = { size: number };\nexport const importLimits = (id: string) => kept.get(`limit:${id}`);\n",
    ),
    ("lib/other.rb", "class Other\n  def set(a, b) = { a => b }\nend\n"),
];

/// Everything found, as lines that do not depend on the order of the files.
fn report(files: &[(&str, &str)], parse_all: bool) -> (String, usize) {
    let sources: Vec<SourceFile> = files
        .iter()
        .map(|(path, text)| SourceFile::new(*path, Language::of_path(Path::new(path)).expect("a known language"), text.as_bytes().to_vec()))
        .collect();
    let manifests = [
        Manifest { path: "package.json".into(), bytes: br#"{ "dependencies": { "ioredis": "^5.0.0" } }"#.to_vec() },
        Manifest { path: "Gemfile".into(), bytes: b"gem \"redis\", \"~> 5.0\"\n".to_vec() },
    ];
    let project = Project::new("/work", sources.iter().map(|file| file.path.as_str()), &manifests);
    let libraries = Libraries::builtin().expect("the client tables load");
    let paths = PathRules::default();
    let output = analyze(Input { sources: &sources, project: &project, libraries, paths: &paths, parse_all, lowered: None });
    let rules = Rules::embedded().unwrap_or_else(|_| panic!("the rules load"));
    let selected: Vec<Selected<'_>> = rules.iter().map(Selected::plain).collect();
    let place =
        |file: redis_lint::source::FileId, offset| format!("{}:{}", sources[file.0 as usize].path, sources[file.0 as usize].line(offset));
    let mut lines: Vec<String> = output
        .analysis
        .operations
        .iter()
        .map(|operation| {
            let facts: Vec<String> =
                operation.facts.sorted().iter().map(|(fact, value)| format!("{}={value:?}", fact.row().name)).collect();
            format!(
                "{} {} {:?} {}",
                place(operation.site.file, operation.site.name.start),
                operation.command,
                operation.key_text(),
                facts.join(" ")
            )
        })
        .collect();
    for found in check(&rules, &selected, &output.analysis, &sources, &fix::Spelling { libraries }) {
        let label = &found.finding.primary;
        lines.push(format!("{} {} {}", place(label.file, label.span.start), found.finding.rule, found.finding.message));
    }
    lines.sort();
    (lines.join("\n"), output.statistics.parsed)
}

#[test]
fn selecting_files_finds_what_parsing_all_of_them_finds() {
    let (all, parsed_all) = report(FILES, true);
    let (selected, parsed) = report(FILES, false);
    assert_eq!(selected, all);
    assert!(parsed < parsed_all, "{parsed} of {parsed_all} files were parsed");
    for expected in [
        "src/cart.ts:3 set-then-expire",
        "lib/cart.rb:3 set-then-expire",
        "lib/pooled.rb:3 command-in-loop",
        "Some(\"shop:cart:{}\")",
        "Some(\"shop:{}\")",
        "Some(\"flag:{}\")",
        "Some(\"limit:{}\")",
        "lib/report.rb:2 flush-command",
    ] {
        assert!(all.contains(expected), "{expected} is not in\n{all}");
    }
}

#[test]
fn the_order_of_files_changes_nothing() {
    let (sorted, _) = report(FILES, false);
    let mut files = FILES.to_vec();
    for turn in 0..FILES.len() {
        files.rotate_left(1);
        if turn % 2 == 0 {
            files.reverse();
        }
        assert_eq!(report(&files, false).0, sorted, "order {turn}");
    }
}
