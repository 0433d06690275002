//! Which files are parsed does not change what is found, and neither does the order in which files are given.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::Config;
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
fn report<S: AsRef<str>>(files: &[(S, S)], parse_all: bool) -> (String, usize) {
    let sources: Vec<SourceFile> = files
        .iter()
        .map(|(path, text)| {
            let (path, text) = (path.as_ref(), text.as_ref());
            SourceFile::new(path, Language::of_path(Path::new(path)).expect("a known language"), text.as_bytes().to_vec())
        })
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

/// How a generated file hands on what it took from another one. The names say nothing of Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hands {
    /// The client itself.
    Client,
    /// A function that returns it.
    Getter,
    /// An object with the client in it.
    Holder,
    /// A class with the client in a field, or a method that gives it.
    Class,
    /// All that the other file exports; a mixin in Ruby.
    Through,
    /// A function that uses it.
    User,
}

const HANDS: [Hands; 6] = [Hands::Client, Hands::Getter, Hands::Holder, Hands::Class, Hands::Through, Hands::User];

/// A file of a chain: how it hands on, from which of the files before it, and how it imports.
type Link = (usize, prop::sample::Index, usize);

/// TypeScript files, each of which takes what one before it exports.
fn typescript(links: &[Link]) -> Vec<(String, String)> {
    let mut files = vec![("src/f0.ts".to_owned(), "import { Redis } from 'ioredis';\nexport const kept0 = new Redis();\n".to_owned())];
    let mut exported = vec![("kept0".to_owned(), Hands::Client)];
    for (at, (hands, from, style)) in links.iter().enumerate() {
        let (number, from) = (at + 1, from.index(files.len()));
        let (name, kind) = exported[from].clone();
        let own = format!("kept{number}");
        let (import, named) = match style {
            0 => (format!("import {{ {name} }} from './f{from}';\n"), name.clone()),
            1 => (format!("import * as all from './f{from}';\n"), format!("all.{name}")),
            _ => (format!("const {{ {name}: taken }} = require('./f{from}');\n"), "taken".to_owned()),
        };
        let client = match kind {
            Hands::Getter => format!("{named}()"),
            Hands::Holder => format!("{named}.inner"),
            Hands::Class => format!("new {named}().inner"),
            _ => named.clone(),
        };
        let hands = if kind == Hands::User { Hands::User } else { HANDS[*hands] };
        let export = match hands {
            Hands::Client => format!("export const {own} = {client};\n"),
            Hands::Getter => format!("export const {own} = () => {client};\n"),
            Hands::Holder => format!("export const {own} = {{ inner: {client} }};\n"),
            Hands::Class => format!("export class {own} {{ inner = {client}; }}\n"),
            Hands::User if kind == Hands::User => {
                format!("export async function {own}(ids: string[]) {{ for (const id of ids) await {named}(id); }}\n")
            }
            Hands::User => format!("export async function {own}(id: string) {{ await {client}.set(`a:${{id}}`, id); }}\n"),
            Hands::Through => {
                files.push((format!("src/f{number}.ts"), format!("export * from './f{from}';\n")));
                exported.push((name, kind));
                continue;
            }
        };
        files.push((format!("src/f{number}.ts"), import + &export));
        exported.push((own, hands));
    }
    files
}

/// Ruby files, each of which takes what one before it defines.
fn ruby(links: &[Link]) -> Vec<(String, String)> {
    let mut files = vec![("lib/f0.rb".to_owned(), "KEPT0 = Redis.new\n".to_owned())];
    let mut defined = vec![Hands::Client];
    for (at, (hands, from, _)) in links.iter().enumerate() {
        let (number, from) = (at + 1, from.index(files.len()));
        let kind = defined[from];
        let (client, head) = match kind {
            Hands::Client => (format!("KEPT{from}"), String::new()),
            Hands::Getter => (format!("Open{from}.inner"), String::new()),
            Hands::Holder => (format!("HELD{from}[:inner]"), String::new()),
            Hands::Class => (format!("Box{from}.new.inner"), String::new()),
            Hands::Through => (format!("mixed{from}"), format!("  include Mixed{from}\n")),
            Hands::User => (format!("User{from}.new"), String::new()),
        };
        // What a mixin gives is there inside of a class alone.
        let hands = match (kind, HANDS[*hands]) {
            (Hands::User, _) => Hands::User,
            (Hands::Through, Hands::Client | Hands::Getter | Hands::Holder) => Hands::Class,
            (_, hands) => hands,
        };
        let text = match hands {
            Hands::Client => format!("KEPT{number} = {client}\n"),
            Hands::Getter => format!("module Open{number}\n  def self.inner = {client}\nend\n"),
            Hands::Holder => format!("HELD{number} = {{ inner: {client} }}\n"),
            Hands::Class => format!("class Box{number}\n{head}  def inner = {client}\nend\n"),
            Hands::Through => format!("module Mixed{number}\n{head}  def mixed{number} = {client}\nend\n"),
            Hands::User if kind == Hands::User => {
                format!("class User{number}\n  def save(ids) = ids.each {{ |id| {client}.save(id) }}\nend\n")
            }
            Hands::User => format!("class User{number}\n{head}  def save(id) = {client}.set(\"a:#{{id}}\", id)\nend\n"),
        };
        files.push((format!("lib/f{number}.rb"), text));
        defined.push(hands);
    }
    files
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

    #[test]
    fn clients_are_followed_through_generated_chains_of_files(
        first in prop::collection::vec((0..HANDS.len(), any::<prop::sample::Index>(), 0..3usize), 0..8),
        second in prop::collection::vec((0..HANDS.len(), any::<prop::sample::Index>(), 0..3usize), 0..8),
    ) {
        let mut files = typescript(&first);
        files.extend(ruby(&second));
        files.push(("src/apart.ts".to_owned(), "export const apart = new Map();\napart.set('a', 1);\n".to_owned()));
        let (all, _) = report(&files, true);
        let (selected, _) = report(&files, false);
        prop_assert_eq!(&selected, &all);
        let uses = |(_, text): &(String, String)| text.matches(".set(\"a:").count() + text.matches(".set(`a:").count();
        prop_assert_eq!(all.lines().filter(|line| line.contains(" SET ") && line.contains("layer=Word(\"call\")")).count(), files.iter().map(uses).sum::<usize>());
    }
}
