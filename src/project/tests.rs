use super::*;

/// A project from manifests `path: content` and source files, in a working directory `/w/app` unless told.
fn project(manifests: &[(&str, &str)], files: &[&str]) -> Project {
    project_at("/w/app", manifests, files)
}

fn project_at(directory: &str, manifests: &[(&str, &str)], files: &[&str]) -> Project {
    let manifests: Vec<Manifest> =
        manifests.iter().map(|(path, text)| Manifest { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() }).collect();
    Project::new(directory, files.iter().copied(), &manifests)
}

/// Checks rows of importer, specifier and where it leads: a path, `name + subpath` of a package, or `?`.
#[track_caller]
fn check(manifests: &[(&str, &str)], files: &[&str], rows: &[(&str, &str, &str)]) {
    let project = project(manifests, files);
    assert_eq!(project.problems(), []);
    for (importer, specifier, expected) in rows {
        let found = match project.look_up(importer, specifier) {
            Lookup::File(id) => files[id.0 as usize].to_owned(),
            Lookup::Package { name, subpath } => format!("{name} + {subpath}"),
            Lookup::Unknown => "?".to_owned(),
        };
        assert_eq!(found, *expected, "{specifier} in {importer}");
    }
}

#[test]
fn relative_specifiers() {
    let files =
        ["a.ts", "b/index.ts", "b/c.service.ts", "d.tsx", "e.mts", "f.js", "f.ts", "g/main.js", "h.js", "../up.ts", "i.jsx", "j.cts"];
    check(
        &[("g/package.json", r#"{"main": "./main"}"#)],
        &files,
        &[
            ("x.ts", "./a", "a.ts"),
            ("x.ts", "./a.ts", "a.ts"),
            ("x.ts", "./a.js", "a.ts"),
            ("x.ts", "./b", "b/index.ts"),
            ("x.ts", "./b/", "b/index.ts"),
            ("b/x.ts", ".", "b/index.ts"),
            ("b/x.ts", "..", "?"),
            ("b/x.ts", "./c.service", "b/c.service.ts"),
            ("x.ts", "./d.js", "d.tsx"),
            ("x.ts", "./d.jsx", "d.tsx"),
            ("x.ts", "./e.mjs", "e.mts"),
            ("x.ts", "./j.cjs", "j.cts"),
            ("x.ts", "./f.js", "f.ts"),
            ("x.ts", "./h", "h.js"),
            ("x.ts", "./i.jsx", "i.jsx"),
            ("x.ts", "./g", "g/main.js"),
            ("b/x.ts", "../../up", "../up.ts"),
            ("../x.ts", "./app/a", "a.ts"),
            ("x.ts", "./a?worker", "a.ts"),
            ("x.ts", "./nothing", "?"),
            ("x.ts", "https://esm.sh/ioredis", "?"),
        ],
    );
}

#[test]
fn packages_elsewhere() {
    check(
        &[("package.json", r#"{"dependencies": {"old": "npm:redis@^3", "scoped": "npm:@a/b@1"}}"#)],
        &["x.ts"],
        &[
            ("x.ts", "ioredis", "ioredis + "),
            ("x.ts", "ioredis/built/utils", "ioredis + built/utils"),
            ("x.ts", "@redis/client", "@redis/client + "),
            ("x.ts", "@redis/client/dist/lib", "@redis/client + dist/lib"),
            ("x.ts", "old", "redis + "),
            ("x.ts", "scoped/c", "@a/b + c"),
            ("x.ts", "npm:ioredis@5.4.1", "ioredis + "),
            ("x.ts", "npm:@redis/client@1/x", "@redis/client + x"),
            ("x.ts", "node:fs", "node:fs + "),
            ("x.ts", "@/lib/redis", "?"),
            ("x.ts", "~/lib/redis", "?"),
            ("x.ts", "#lib", "?"),
            ("x.ts", "", "?"),
            ("x.ts", "@", "?"),
        ],
    );
}

#[test]
fn paths_of_the_nearest_configuration() {
    check(
        &[
            (
                "tsconfig.base.json",
                r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@core/*": ["core/src/*", "core/*"], "exact": ["core/e.ts"]}}}"#,
            ),
            ("web/tsconfig.json", "{ // comment\n \"extends\": \"../tsconfig.base\", }"),
            (
                "api/tsconfig.json",
                r#"{"extends": ["../tsconfig.base.json"], "compilerOptions": {"paths": {"@/*": ["./src/*"], "*.css": ["s.ts"]}}}"#,
            ),
            ("api/test/tsconfig.json", r#"{"compilerOptions": {"strict": true}}"#),
            ("vite/tsconfig.json", r#"{"files": [], "references": [{"path": "./tsconfig.app.json"}]}"#),
            ("vite/tsconfig.app.json", r#"{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}"#),
            ("loop/tsconfig.json", r#"{"extends": "./tsconfig.json", "compilerOptions": {"baseUrl": "src"}}"#),
            ("js/jsconfig.json", r#"{"compilerOptions": {"paths": {"~/*": ["./*"]}}}"#),
            ("dir/tsconfig.json", r#"{"extends": "@repo/config/node.json"}"#),
            ("config/package.json", r#"{"name": "@repo/config"}"#),
            ("config/node.json", "not asked for, and no configuration by its name"),
            ("dir2/tsconfig.json", r#"{"extends": "@repo/config/tsconfig.node.json"}"#),
            ("config/tsconfig.node.json", r##"{"compilerOptions": {"paths": {"#/*": ["${configDir}/src/*"]}}}"##),
        ],
        &[
            "core/src/a.ts",
            "core/b.ts",
            "core/e.ts",
            "api/src/r.ts",
            "vite/src/r.ts",
            "loop/src/deep/r.ts",
            "js/r.js",
            "dir2/src/r.ts",
            "web/x.ts",
        ],
        &[
            ("web/x.ts", "@core/a", "core/src/a.ts"),
            ("web/x.ts", "@core/b", "core/b.ts"),
            ("web/x.ts", "exact", "core/e.ts"),
            ("web/x.ts", "core/b", "core/b.ts"),
            ("web/x.ts", "redis", "redis + "),
            // Paths of its own replace those it extends, and stand on the inherited base.
            ("api/x.ts", "@core/a", "@core/a + "),
            ("api/x.ts", "@/r", "?"),
            ("api/test/x.ts", "core/b", "core/b.ts"),
            ("vite/x.ts", "@/r", "vite/src/r.ts"),
            ("loop/x.ts", "deep/r", "loop/src/deep/r.ts"),
            ("js/x.js", "~/r", "js/r.js"),
            ("dir2/x.ts", "#/r", "dir2/src/r.ts"),
            ("x.ts", "@core/a", "@core/a + "),
        ],
    );
}

#[test]
fn packages_of_the_workspace() {
    let manifests = [
        ("package.json", r#"{"workspaces": ["p/*"], "dependencies": {"@s/dist": "workspace:^"}}"#),
        (
            "p/a/package.json",
            r#"{"name": "@s/a", "exports": {".": {"types": "./dist/index.d.ts", "default": "./dist/index.js"}, "./deep/*": "./dist/deep/*.js", "./no": null}}"#,
        ),
        ("p/b/package.json", r#"{"name": "@s/b", "main": "dist/main.js", "types": "dist/main.d.ts"}"#),
        ("p/c/package.json", r#"{"name": "@s/c", "exports": {"browser": "./src/browser.ts", "import": "./src/node.ts"}}"#),
        ("p/d/package.json", r#"{"name": "@s/d"}"#),
        ("p/e/package.json", r#"{"name": "@s/e", "main": "./lib/esm/x.js"}"#),
        (
            "p/f/package.json",
            r##"{"name": "@s/f", "imports": {"#db": "./src/db.js", "#lib/*": {"node": "./src/lib/*.ts"}, "#redis": "ioredis"}, "dependencies": {"@s/linked": "link:../d", "redis": "^4"}}"##,
        ),
        ("p/g/package.json", r#"{"name": "redis", "version": "9.9.9"}"#),
        ("p/h/package.json", r#"{"name": "@s/h", "dependencies": {"redis": "^9.0.0", "ioredis": "*"}}"#),
        ("p/i/package.json", r#"{"name": "twice"}"#),
        ("p/j/package.json", r#"{"name": "twice"}"#),
    ];
    let files = [
        "p/a/src/index.ts",
        "p/a/src/deep/q.ts",
        "p/b/src/main.ts",
        "p/c/src/browser.ts",
        "p/c/src/node.ts",
        "p/d/src/index.ts",
        "p/d/util.ts",
        "p/e/x.ts",
        "p/f/src/db.ts",
        "p/f/src/lib/z.ts",
        "p/g/index.js",
        "p/i/index.ts",
        "p/j/index.ts",
        "p/d/src/more.ts",
    ];
    check(
        &manifests,
        &files,
        &[
            ("p/f/x.ts", "@s/a", "p/a/src/index.ts"),
            ("p/f/x.ts", "@s/a/deep/q", "p/a/src/deep/q.ts"),
            ("p/f/x.ts", "@s/a/no", "?"),
            ("p/f/x.ts", "@s/b", "p/b/src/main.ts"),
            ("p/f/x.ts", "@s/c", "p/c/src/node.ts"),
            ("p/f/x.ts", "@s/d", "p/d/src/index.ts"),
            ("p/f/x.ts", "@s/d/util", "p/d/util.ts"),
            ("p/f/x.ts", "@s/d/more", "p/d/src/more.ts"),
            ("p/f/x.ts", "@s/e", "p/e/x.ts"),
            ("p/f/x.ts", "@s/linked/util", "p/d/util.ts"),
            ("p/f/x.ts", "#db", "p/f/src/db.ts"),
            ("p/f/x.ts", "#lib/z", "p/f/src/lib/z.ts"),
            ("p/f/x.ts", "#redis", "ioredis + "),
            // A package of the project that happens to be called like the published one.
            ("p/f/x.ts", "redis", "redis + "),
            ("p/h/x.ts", "redis", "p/g/index.js"),
            ("p/h/x.ts", "ioredis", "ioredis + "),
            ("p/a/x.ts", "twice", "?"),
            ("p/i/x.ts", "twice", "p/i/index.ts"),
            ("p/a/src/index.ts", "@s/a/deep/q", "p/a/src/deep/q.ts"),
        ],
    );
}

#[test]
fn the_library_folder_of_sveltekit() {
    let manifests = [("a/package.json", r#"{"devDependencies": {"@sveltejs/kit": "^2"}}"#), ("b/package.json", "{}")];
    let rows = [("a/src/routes/x.ts", "$lib/redis", "a/src/lib/redis.ts"), ("b/src/x.ts", "$lib/redis", "?")];
    check(&manifests, &["a/src/lib/redis.ts", "b/src/lib/redis.ts"], &rows);
}

#[test]
fn what_cannot_be_read_is_told() {
    let project = project(&[("b/package.json", r#"{"a"}"#), ("tsconfig.json", "nothing")], &[]);
    let paths: Vec<&str> = project.problems().iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["b/package.json", "tsconfig.json"]);
}

/// The `major.minor` pairs that are allowed of a package for a file, with `=` in front when the lock file decides.
fn allowed(project: &Project, path: &str, ecosystem: Ecosystem, package: &str) -> String {
    const ALL: [(u32, u32); 7] = [(2, 8), (3, 1), (4, 0), (4, 6), (5, 0), (5, 4), (6, 0)];
    let allowed = project.allowed(path, ecosystem, package);
    let names = ALL.iter().filter(|(major, minor)| allowed.allows(*major, *minor)).map(|(major, minor)| format!("{major}.{minor}"));
    let mark = if allowed.exact.is_some() { "=" } else { "" };
    format!("{mark}{}", names.collect::<Vec<_>>().join(" "))
}

#[test]
fn versions_from_every_lock_file() {
    let manifest = r#"{"name": "p", "dependencies": {"redis": "^4.0.0", "old": "npm:redis@^3.0.0", "@a/b": "~5.4.0"}}"#;
    let locks = [
        (
            "package-lock.json",
            r#"{"lockfileVersion": 3, "packages": {"": {"name": "p"}, "node_modules/redis": {"version": "4.6.7"}, "node_modules/@a/b": {"version": "5.4.1", "dependencies": {"x": "1"}}}}"#,
        ),
        (
            "npm-shrinkwrap.json",
            r#"{"lockfileVersion": 1, "dependencies": {"redis": {"version": "4.6.7", "dependencies": {"y": {"version": "1.0.0"}}}, "@a/b": {"version": "5.4.1"}}}"#,
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: 5.4\n\nspecifiers:\n  redis: ^4.0.0\n  '@a/b': ~5.4.0\n\ndependencies:\n  '@a/b': 5.4.1_redis@4.6.7\n  redis: 4.6.7\n\npackages:\n\n  /redis/4.6.7:\n    resolution: {integrity: x}\n",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '6.0'\n\ndependencies:\n  '@a/b':\n    specifier: ~5.4.0\n    version: 5.4.1(redis@4.6.7)\n  redis:\n    specifier: ^4.0.0\n    version: 4.6.7\n\npackages:\n\n  /redis@4.6.7:\n    resolution: {integrity: x}\n",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      '@a/b':\n        specifier: ~5.4.0\n        version: 5.4.1(redis@4.6.7)\n      redis:\n        specifier: ^4.0.0\n        version: 4.6.7\n\npackages:\n\n  redis@4.6.7:\n    resolution: {integrity: x}\n",
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\n\n\"@a/b@~5.4.0\":\n  version \"5.4.1\"\n  dependencies:\n    redis \"^4.0.0\"\n\nredis@^3.0.0:\n  version \"3.1.2\"\n\nredis@^4.0.0, redis@^4.1.0:\n  version \"4.6.7\"\n  resolved \"x\"\n",
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 6\n\n\"@a/b@npm:~5.4.0\":\n  version: 5.4.1\n  resolution: \"@a/b@npm:5.4.1\"\n\n\"p@workspace:.\":\n  version: 0.0.0-use.local\n\n\"redis@npm:^4.0.0, redis@npm:^4.1.0\":\n  version: 4.6.7\n",
        ),
        (
            "bun.lock",
            "{\n  \"lockfileVersion\": 1,\n  \"packages\": {\n    \"@a/b\": [\"@a/b@5.4.1\", \"\", {}],\n    \"redis\": [\"redis@4.0.1\", \"\", {}],\n    \"p/redis\": [\"redis@4.6.7\", \"\", {}],\n  },\n}\n",
        ),
    ];
    for (name, lock) in locks {
        let project = project(&[("package.json", manifest), (name, lock)], &[]);
        assert_eq!(allowed(&project, "src/x.ts", Ecosystem::Npm, "redis"), "=4.6", "{lock}");
        assert_eq!(allowed(&project, "src/x.ts", Ecosystem::Npm, "@a/b"), "=5.4", "{lock}");
    }
}

#[test]
fn versions_in_a_workspace_are_those_of_the_nearest_manifest() {
    let manifests = [
        ("../package.json", r#"{"dependencies": {"ioredis": "^4.0.0", "redis": "^2"}}"#),
        ("package.json", r#"{"name": "app", "dependencies": {"ioredis": "^5.0.0"}}"#),
        ("../lib/package.json", r#"{"name": "lib", "peerDependencies": {"redis": ">=3 <5"}}"#),
        (
            "../pnpm-lock.yaml",
            "importers:\n\n  .:\n    dependencies:\n      ioredis:\n        specifier: ^4.0.0\n        version: 4.0.2\n\n  app:\n    dependencies:\n      ioredis:\n        specifier: ^5.0.0\n        version: 5.4.2\n      lib:\n        specifier: workspace:*\n        version: link:../lib\n",
        ),
    ];
    let project = project(&manifests, &[]);
    for (path, package, expected) in [
        ("src/x.ts", "ioredis", "=5.4"),
        ("../x.ts", "ioredis", "=4.0"),
        ("../lib/x.ts", "ioredis", "=4.0"),
        ("../lib/x.ts", "redis", "3.1 4.0 4.6"),
        ("src/x.ts", "redis", "2.8"),
        ("src/x.ts", "bullmq", "2.8 3.1 4.0 4.6 5.0 5.4 6.0"),
    ] {
        assert_eq!(allowed(&project, path, Ecosystem::Npm, package), expected, "{package} in {path}");
    }
    let nested = r#"{"packages": {"node_modules/redis": {"version": "3.1.2"}, "p/a/node_modules/redis": {"version": "5.0.0"}}}"#;
    let manifest = r#"{"dependencies": {"redis": "*"}}"#;
    let project = self::project(&[("package-lock.json", nested), ("p/a/package.json", manifest), ("p/b/package.json", manifest)], &[]);
    assert_eq!(allowed(&project, "p/a/x.ts", Ecosystem::Npm, "redis"), "=5.0");
    assert_eq!(allowed(&project, "p/b/x.ts", Ecosystem::Npm, "redis"), "=3.1");
    // Nobody asks for it: what is installed for others.
    assert_eq!(allowed(&project, "x.ts", Ecosystem::Npm, "redis"), "3.1 5.0");
}

#[test]
fn versions_by_alias_and_without_a_lock() {
    let project = project(
        &[("package.json", r#"{"dependencies": {"old": "npm:redis@^3.0.0", "ioredis": "latest", "keyv": "^5.0.0 || ^6.0.0"}}"#)],
        &[],
    );
    assert_eq!(allowed(&project, "x.ts", Ecosystem::Npm, "redis"), "3.1");
    assert_eq!(allowed(&project, "x.ts", Ecosystem::Npm, "ioredis"), "2.8 3.1 4.0 4.6 5.0 5.4 6.0");
    assert_eq!(allowed(&project, "x.ts", Ecosystem::Npm, "keyv"), "5.0 5.4 6.0");
    assert!(project.depends_on("src/x.ts", Ecosystem::Npm, "ioredis"));
    assert!(!project.depends_on("src/x.ts", Ecosystem::Npm, "redis-semaphore"));
}

#[test]
fn versions_of_gems() {
    let gemfile = "source 'x'\ngem 'redis', '~> 4.6', require: false\n  gem(\"sidekiq\", [\">= 6\", \"< 7\"])\ngem 'rails' # gem 'no'\ngem \"x\", VERSION\n";
    let gemspec = "Gem::Specification.new do |s|\n  s.add_dependency \"redis\".freeze, \">= 5\", '< 6'\n  spec.add_runtime_dependency(\"redis-client\", \">= 0.1\")\nend\n";
    let lock = "GEM\n  remote: x\n  specs:\n    redis (5.4.1)\n      redis-client (>= 0.22.0)\n    redis-client (0.26.1)\n    nokogiri (1.15.0-x86_64-linux)\n\nDEPENDENCIES\n  redis (~> 2.8)\n";
    let project = project(&[("a/Gemfile", gemfile), ("b/b.gemspec", gemspec), ("c/Gemfile", gemfile), ("c/Gemfile.lock", lock)], &[]);
    for (path, gem, expected) in [
        ("a/lib/x.rb", "redis", "4.6"),
        ("a/lib/x.rb", "sidekiq", "6.0"),
        ("a/lib/x.rb", "x", "2.8 3.1 4.0 4.6 5.0 5.4 6.0"),
        ("b/lib/x.rb", "redis", "5.0 5.4"),
        ("c/x.rb", "redis", "=5.4"),
        ("c/x.rb", "sidekiq", "6.0"),
        ("x.rb", "redis", "2.8 3.1 4.0 4.6 5.0 5.4 6.0"),
    ] {
        assert_eq!(allowed(&project, path, Ecosystem::Gem, gem), expected, "{gem} in {path}");
    }
    for (path, gem, expected) in [
        ("a/x.rb", "rails", true),
        ("a/x.rb", "no", false),
        ("b/x.rb", "redis-client", true),
        ("c/x.rb", "nokogiri", true),
        ("x.rb", "redis", false),
    ] {
        assert_eq!(project.depends_on(path, Ecosystem::Gem, gem), expected, "{gem} in {path}");
    }
}
