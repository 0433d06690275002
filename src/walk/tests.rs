use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// A folder with files; a line is `path` or `path: content`, with `\n` and the like as in Rust.
fn folder(lines: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for line in lines {
        let (path, content) = line.split_once(": ").unwrap_or((line, ""));
        write(folder.path(), path, content.as_bytes());
    }
    folder
}

fn write(folder: &Path, path: &str, content: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn walked(folder: &Path, paths: &[&str]) -> Walked {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    walk(&paths, &Options::new(folder)).unwrap()
}

/// The requested files.
fn files(walked: &Walked) -> Vec<&str> {
    walked.files.iter().zip(&walked.requested).filter(|(_, requested)| **requested).map(|(file, _)| file.path.as_str()).collect()
}

fn skipped(walked: &Walked) -> Vec<String> {
    walked.skipped.iter().map(|skipped| format!("{}: {}", skipped.path, skipped.reason)).collect()
}

#[test]
fn source_is_told_by_name_or_first_line() {
    let folder =
        folder(&["a.ts", "b.tsx", "c.js", "d.mjs", "e.cjs", "f.rb", "Rakefile", "g.txt", "bin/h: #!/usr/bin/env ruby", "bin/i: #!/bin/sh"]);
    assert_eq!(files(&walked(folder.path(), &[])), ["Rakefile", "a.ts", "b.tsx", "bin/h", "c.js", "d.mjs", "e.cjs", "f.rb"]);
}

#[test]
fn ignored_hidden_and_foreign_files_are_left_out() {
    let folder = folder(&[
        ".gitignore: ignored.ts",
        ".ignore: other/",
        "ignored.ts",
        "other/a.ts",
        ".hidden/a.ts",
        ".eslintrc.js",
        "node_modules/x/a.js",
        "vendor/bundle/a.rb",
        "dist/a.js",
        "lib/dist/a.js",
        "a.min.js",
        "types.d.ts",
        "kept.ts",
        "sub/.gitignore: deep.ts",
        "sub/deep.ts",
        "sub/kept.ts",
    ]);
    let walked = walked(folder.path(), &[]);
    assert_eq!(files(&walked), ["kept.ts", "sub/kept.ts"]);
    assert_eq!(skipped(&walked), [""; 0]);
}

#[test]
fn ignore_files_above_the_project_count_up_to_the_repository() {
    let folder = folder(&[".gitignore: *.ts", "repo/.git/HEAD", "repo/.gitignore: b.ts", "repo/app/package.json: {\"workspaces\": []}"]);
    write(folder.path(), "repo/app/a.ts", b"");
    write(folder.path(), "repo/app/b.ts", b"");
    assert_eq!(files(&walked(folder.path(), &["repo/app"])), ["repo/app/a.ts"]);
}

#[test]
fn given_paths_are_always_read() {
    let folder = folder(&[".gitignore: out/**\nx.ts", "x.ts", "out/a.ts", "node_modules/m/a.js", "t.d.ts", ".h/a.ts", "a.ts", ".git/HEAD"]);
    for (paths, expected) in [
        (&["x.ts"][..], &["x.ts"][..]),
        (&["out"], &["out/a.ts"]),
        (&["out/a.ts"], &["out/a.ts"]),
        (&["node_modules/m"], &["node_modules/m/a.js"]),
        (&["node_modules"], &["node_modules/m/a.js"]),
        (&["t.d.ts"], &["t.d.ts"]),
        (&[".h"], &[".h/a.ts"]),
        (&[".", "x.ts"], &["a.ts", "x.ts"]),
    ] {
        assert_eq!(files(&walked(folder.path(), paths)), expected, "{paths:?}");
    }
}

#[test]
fn overlapping_paths_are_read_once() {
    let folder = folder(&["src/a.ts", "src/b/c.ts"]);
    let absolute = folder.path().join("src/a.ts");
    let walked = walked(folder.path(), &["src", "./src/b", "src/../src/a.ts", "src/b/c.ts", absolute.to_str().unwrap()]);
    assert_eq!(files(&walked), ["src/a.ts", "src/b/c.ts"]);
    assert_eq!(walked.files.len(), 2);
}

#[test]
fn the_project_around_a_given_path_is_read_but_not_requested() {
    let folder = folder(&["package.json: {}", "src/a.ts", "src/b.ts", "lib/c.vue: redis", "lib/package.json: {}", ".git/HEAD"]);
    for (directory, path, expected) in [(".", "src/a.ts", ["src/a.ts", "src/b.ts"]), ("lib", "../src/a.ts", ["../src/a.ts", "../src/b.ts"])]
    {
        let walked = walked(&folder.path().join(directory), &[path]);
        assert_eq!(walked.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!(walked.requested, [true, false]);
        assert_eq!((walked.manifests.len(), walked.skipped.len(), walked.skipped_elsewhere.len()), (2, 0, 1));
    }
}

#[test]
fn absolute_paths_outside_the_working_directory_are_printed_as_given() {
    let (here, there) = (folder(&["a.ts"]), folder(&["p/package.json: {}", "p/src/b.ts", "p/c.ts"]));
    let given = there.path().join("p/src");
    let given = given.to_str().unwrap();
    assert_eq!(files(&walked(here.path(), &[".", given])), [&format!("{given}/b.ts"), "a.ts"]);
    let inside = here.path().join("a.ts");
    assert_eq!(files(&walked(here.path(), &[inside.to_str().unwrap()])), ["a.ts"]);
}

#[test]
fn what_is_not_analysed_is_listed() {
    let folder = folder(&[
        "a.vue: import Redis",
        "b.svelte: nothing here",
        "c.html.erb: <% VALKEY %>",
        "large.ts: 123456789",
        "empty.ts",
        "Gemfile: gem 'a'",
    ]);
    write(folder.path(), "bytes.rb", b"a = \"\xFF\"");
    write(folder.path(), "bom.ts", b"\xEF\xBB\xBFlet a\r\n");
    write(folder.path(), "wide.ts", b"\xFF\xFEl\0e\0t\0");
    write(folder.path(), "video.ts", b"G\0\0\x11");
    write(folder.path(), "qt.ts", b"<?xml version=\"1.0\"?>");
    let options = Options { max_file_bytes: 8, ..Options::new(folder.path()) };
    let found = walk(&[], &options).unwrap();
    // Files up to the limit are read: the Gemfile is a manifest, and those have a limit of their own.
    assert_eq!(files(&found), ["Gemfile", "bytes.rb", "empty.ts"]);
    assert_eq!(
        skipped(&found),
        [
            "a.vue: larger than 0 KiB; give the file itself as a path to read it",
            "b.svelte: larger than 0 KiB; give the file itself as a path to read it",
            "bom.ts: larger than 0 KiB; give the file itself as a path to read it",
            "bytes.rb: in part: bytes that are not UTF-8 were read as U+FFFD",
            "c.html.erb: larger than 0 KiB; give the file itself as a path to read it",
            "large.ts: larger than 0 KiB; give the file itself as a path to read it",
            "qt.ts: larger than 0 KiB; give the file itself as a path to read it",
            "video.ts: it holds binary data",
            "wide.ts: it is UTF-16; save it as UTF-8 to have it analysed",
        ]
    );
    let found = walk(&[], &Options::new(folder.path())).unwrap();
    assert_eq!(files(&found), ["Gemfile", "bom.ts", "bytes.rb", "empty.ts", "large.ts"]);
    assert_eq!(
        skipped(&found)[..3],
        [
            "a.vue: it mentions Redis, but the code inside `.vue` files is not analysed yet",
            "bytes.rb: in part: bytes that are not UTF-8 were read as U+FFFD",
            "c.html.erb: it mentions Redis, but the code inside `.erb` files is not analysed yet",
        ]
    );
    let given = walk(&["large.ts".into()], &options).unwrap();
    assert_eq!(files(&given), ["large.ts"]);
}

#[test]
fn a_given_file_of_no_known_language_is_listed() {
    let folder = folder(&["notes.txt: hello"]);
    let walked = walked(folder.path(), &["notes.txt"]);
    assert_eq!(skipped(&walked), ["notes.txt: neither its name nor its first line tells a language that is analysed"]);
}

#[test]
fn manifests_are_collected() {
    let names = "Gemfile Gemfile.lock bun.lock compose.prod.yaml docker-compose.yml jsconfig.json npm-shrinkwrap.json package-lock.json \
                 package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json x.gemspec yarn.lock";
    let names: Vec<&str> = names.split_whitespace().collect();
    let folder = folder(&names);
    let walked = walked(folder.path(), &[]);
    assert_eq!(walked.manifests.iter().map(|manifest| manifest.path.as_str()).collect::<Vec<_>>(), names);
    assert_eq!(files(&walked), ["Gemfile", "x.gemspec"]);
}

#[test]
fn an_empty_folder_is_no_error_and_a_missing_path_is_one() {
    let folder = folder(&[]);
    assert!(walked(folder.path(), &[]).files.is_empty());
    let error = walk(&["gone.ts".into()], &Options::new(folder.path())).unwrap_err();
    assert_eq!(error.to_string(), "there is no file or folder `gone.ts`");
    let bad = Options { exclude: vec!["a[".into()], ..Options::new(folder.path()) };
    assert!(walk(&[], &bad).unwrap_err().to_string().starts_with("`a[` is not a glob"));
}

#[test]
fn excluded_globs_are_left_out_unless_given() {
    let folder = folder(&["a.ts", "b.spec.ts", "gen/c.ts"]);
    let options = Options { exclude: vec!["*.spec.ts".into(), "gen/".into()], ..Options::new(folder.path()) };
    assert_eq!(files(&walk(&[], &options).unwrap()), ["a.ts"]);
    assert_eq!(files(&walk(&["gen/c.ts".into()], &options).unwrap()), ["gen/c.ts"]);
}

#[cfg(unix)]
#[test]
fn links_and_special_files_are_never_followed_or_opened() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    let (project, elsewhere) = (folder(&["src/a.ts"]), folder(&["b.ts"]));
    let at = |path: &str| project.path().join(path);
    symlink(at("src"), at("src/loop")).unwrap();
    symlink(at("src/a.ts"), at("same.ts")).unwrap();
    symlink(elsewhere.path(), at("out")).unwrap();
    symlink(at("nothing"), at("dangling.ts")).unwrap();
    let _socket = UnixListener::bind(at("socket.ts")).unwrap();
    let status = std::process::Command::new("mkfifo").arg(at("pipe.rb")).status().unwrap();
    assert!(status.success());
    let found = walked(project.path(), &[]);
    assert_eq!(files(&found), ["src/a.ts"]);
    assert_eq!(
        skipped(&found),
        [
            "dangling.ts: a symbolic link that leads nowhere",
            "out: a symbolic link that leads out of the project; give it as a path to read it",
            "pipe.rb: not a regular file, so it was not opened",
            "socket.ts: not a regular file, so it was not opened",
        ]
    );
    assert_eq!(skipped(&walked(project.path(), &["pipe.rb"])), ["pipe.rb: not a regular file, so it was not opened"]);
    let linked = walked(project.path(), &["same.ts", "out"]);
    assert_eq!(files(&linked).len(), 2);
    assert!(files(&linked).contains(&"src/a.ts"));
}

#[test]
fn what_the_system_refuses_is_said_in_words() {
    use std::io::{Error, ErrorKind};
    assert_eq!(read::refused(&Error::from(ErrorKind::NotFound)), "it vanished before it was read");
    assert_eq!(read::refused(&Error::from(ErrorKind::PermissionDenied)), "no permission to read it");
    let read::Outcome::Skipped(reason) = read::read(Path::new("/nowhere/a.ts"), false, 100) else {
        panic!("read a file that is not there")
    };
    assert_eq!(reason, "it vanished before it was read");
}

#[test]
fn threads_do_not_change_the_list() {
    let names: Vec<String> = (0..300).map(|at| format!("{}/{}.ts", at % 17, at)).collect();
    let folder = folder(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let with = |threads| {
        let found = walk(&[], &Options { threads, ..Options::new(folder.path()) }).unwrap();
        found.files.into_iter().map(|file| file.path).collect::<Vec<_>>()
    };
    assert_eq!(with(1).len(), 300);
    assert_eq!(with(1), with(4));
}

#[test]
fn a_path_in_a_project_begins_at_the_project() {
    let folder = folder(&[
        "examples/shop/package.json: {}",
        "examples/shop/src/a.ts",
        "examples/shop/test/b.ts",
        "mono/.git/HEAD",
        "mono/package.json: {}",
        "mono/examples/x/package.json: {}",
        "mono/examples/x/a.ts",
        "mono/test/c.ts",
    ]);
    let absolute = folder.path().join("examples/shop").display().to_string();
    for (directory, given, expected) in [
        ("", "examples/shop", vec!["src/a.ts", "test/b.ts"]),
        ("mono", "../examples/shop", vec!["src/a.ts", "test/b.ts"]),
        ("mono", absolute.as_str(), vec!["src/a.ts", "test/b.ts"]),
        ("examples/shop/test", ".", vec!["test/b.ts"]),
        ("mono", ".", vec!["examples/x/a.ts", "test/c.ts"]),
        ("mono/test", "c.ts", vec!["test/c.ts"]),
        // Whoever asks for a package means it.
        ("mono", "examples/x", vec!["a.ts"]),
        ("mono/examples/x", ".", vec!["a.ts"]),
    ] {
        let walked = walked(&folder.path().join(directory), &[given]);
        let requested = walked.files.iter().zip(&walked.requested).filter(|(_, requested)| **requested);
        let found: Vec<&str> = requested.map(|(file, _)| file.in_project.as_str()).collect();
        assert_eq!(found, expected, "{given} in {directory}");
    }
}
