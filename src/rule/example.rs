//! The code examples of a rule page.

use smol_str::SmolStr;

/// What an example shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// Code with findings, at the marked lines.
    Fail,
    /// What fixing the example before it makes of it.
    Fixed,
    /// Code without a finding of this rule.
    Pass,
}

/// One example: one or several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// `ts` or `ruby`.
    pub language: &'static str,
    /// What it shows.
    pub kind: ExampleKind,
    /// Its files, without the `reported` marks.
    pub files: Vec<ExampleFile>,
    /// Versions of libraries that its manifest names.
    pub pins: Vec<Pin>,
    /// The server that its configuration names: `redis-7.2`.
    pub server: Option<SmolStr>,
    /// The managed service that its configuration names.
    pub service: Option<SmolStr>,
    /// Options of the rule that its configuration sets, as written.
    pub options: Vec<(SmolStr, SmolStr)>,
    /// 1-based line of the page where its fence opens.
    pub line: usize,
}

/// A file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFile {
    /// Its path in the example's project.
    pub path: String,
    /// Its text.
    pub text: String,
    /// 1-based lines that a finding is expected at.
    pub reported: Vec<u32>,
}

/// A library of an example, as its package manager names it, and the major version: `ioredis@5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Package or gem.
    pub package: SmolStr,
    /// Version.
    pub version: SmolStr,
}

impl Example {
    /// The example of a fenced block, when its info string is that of an example: `ts fail client=ioredis@5`.
    pub(super) fn parse(info: &str, text: &str, line: usize) -> Option<Result<Self, String>> {
        let mut words = info.split_whitespace();
        let language = match words.next()? {
            "ts" | "typescript" => "ts",
            "ruby" | "rb" => "ruby",
            _ => return None,
        };
        let kind = match words.next()? {
            "fail" => ExampleKind::Fail,
            "fixed" => ExampleKind::Fixed,
            "pass" => ExampleKind::Pass,
            _ => return None,
        };
        Some(Self::parse_rest(language, kind, words, text, line))
    }

    fn parse_rest<'a>(
        language: &'static str,
        kind: ExampleKind,
        words: impl Iterator<Item = &'a str>,
        text: &str,
        line: usize,
    ) -> Result<Self, String> {
        let mut path = if language == "ts" { "src/example.ts" } else { "lib/example.rb" }.to_owned();
        let mut pins = Vec::new();
        let mut server = None;
        let mut service = None;
        let mut options = Vec::new();
        for word in words {
            match word.split_once('=') {
                Some(("path", value)) if !value.is_empty() => value.clone_into(&mut path),
                Some(("server", value)) if !value.is_empty() => server = Some(value.into()),
                Some(("service", value)) if !value.is_empty() => service = Some(value.into()),
                Some((option, value)) if option.starts_with("option.") && !value.is_empty() => {
                    options.push((option["option.".len()..].into(), value.into()));
                }
                Some(("client", value)) => {
                    for pin in value.split(',') {
                        let (package, version) =
                            pin.rsplit_once('@').filter(|(package, version)| !package.is_empty() && !version.is_empty()).ok_or_else(
                                || format!("`{pin}` names no version: write the package and its version, as in client=ioredis@5"),
                            )?;
                        pins.push(Pin { package: package.into(), version: version.into() });
                    }
                }
                _ => {
                    return Err(format!(
                        "unknown word `{word}`: an example takes path=FILE, client=PACKAGE@VERSION, server=PRODUCT-VERSION, service=NAME and option.NAME=VALUE"
                    ));
                }
            }
        }
        let files = split_files(text, path);
        let reported = files.iter().any(|file| !file.reported.is_empty());
        match (kind, reported) {
            (ExampleKind::Fail, false) => Err("this example fails nowhere: mark each expected line with a `reported` comment".to_owned()),
            (ExampleKind::Fixed | ExampleKind::Pass, true) => Err("only a `fail` example has `reported` marks".to_owned()),
            _ => Ok(Self { language, kind, files, pins, server, service, options, line }),
        }
    }
}

/// Splits at `// file: PATH` and `# file: PATH` lines.
fn split_files(text: &str, path: String) -> Vec<ExampleFile> {
    let mut files = vec![ExampleFile { path, text: String::new(), reported: Vec::new() }];
    for line in text.split_inclusive('\n') {
        let header = line.trim_end().strip_prefix("// file: ").or_else(|| line.trim_end().strip_prefix("# file: "));
        let Some(file) = files.last_mut() else { break };
        if let Some(path) = header {
            if file.text.trim().is_empty() {
                path.clone_into(&mut file.path);
            } else {
                files.push(ExampleFile { path: path.to_owned(), text: String::new(), reported: Vec::new() });
            }
            continue;
        }
        let (code, marked) = unmark(line);
        if marked {
            file.reported.push(file.text.matches('\n').count() as u32 + 1);
        }
        file.text.push_str(&code);
    }
    files
}

/// A line without its `// reported` or `# reported` comment, and whether it had one.
fn unmark(line: &str) -> (String, bool) {
    let body = line.trim_end_matches(['\r', '\n']);
    for mark in ["// reported", "# reported"] {
        if let Some(code) = body.strip_suffix(mark) {
            return (format!("{}{}", code.trim_end(), &line[body.len()..]), true);
        }
    }
    (line.to_owned(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_files_and_pins_are_read() {
        let text = "// file: src/a.ts\nimport x\nawait r.get('k') // reported\n// file: src/b.ts\nb()\n";
        let example = Example::parse("ts fail client=ioredis@5,@upstash/redis@1", text, 7).unwrap().unwrap();
        assert_eq!(example.files.len(), 2);
        assert_eq!(example.files[0].text, "import x\nawait r.get('k')\n");
        assert_eq!(example.files[0].reported, [2]);
        assert_eq!(example.files[1], ExampleFile { path: "src/b.ts".into(), text: "b()\n".into(), reported: vec![] });
        assert_eq!(example.pins[1], Pin { package: "@upstash/redis".into(), version: "1".into() });
    }

    #[test]
    fn what_is_no_example_is_left_alone_and_mistakes_are_not() {
        assert!(Example::parse("toml rule", "", 1).is_none());
        assert!(Example::parse("ts", "x()", 1).is_none());
        for (info, text) in [("ts fail", "x()"), ("ruby pass", "x # reported"), ("ruby pass where=x", "x"), ("ts pass client=redis", "x")] {
            assert!(Example::parse(info, text, 1).unwrap().is_err(), "{info}");
        }
    }
}
