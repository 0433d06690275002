//! The examples of the rule pages, analysed as a project of their own each.

use std::path::Path;

use redis_lint::client::Libraries;
use redis_lint::command::{Server, Service};
use redis_lint::context::PathRules;
use redis_lint::pipeline::{Input, Output, analyze};
use redis_lint::project::{Manifest, Project};
use redis_lint::rule::{Example, ExampleFile, Rules};
use redis_lint::source::{FileId, Language, SourceFile};

/// An example after all stages before the rules.
pub struct Analysed {
    pub files: Vec<SourceFile>,
    pub output: Output,
}

/// The rules that come with the binary.
pub fn rules() -> Rules {
    Rules::embedded().unwrap_or_else(|errors| {
        panic!("{}", errors.into_iter().map(|error| format!("{:?}\n", miette::Report::new(error))).collect::<String>())
    })
}

/// The manifest of an example: the libraries it pins.
fn manifest(example: &Example) -> Manifest {
    let pins = example.pins.iter();
    if example.language == "ts" {
        let list: Vec<_> = pins.map(|pin| format!("\"{}\": \"^{}\"", pin.package, pin.version)).collect();
        Manifest {
            path: "package.json".into(),
            bytes: format!("{{ \"name\": \"example\", \"dependencies\": {{ {} }} }}", list.join(", ")).into_bytes(),
        }
    } else {
        let list: String = pins.map(|pin| format!("gem \"{}\", \"~> {}\"\n", pin.package, pin.version)).collect();
        Manifest { path: "Gemfile".into(), bytes: list.into_bytes() }
    }
}

pub fn libraries() -> &'static Libraries {
    Libraries::builtin().expect("the client tables load")
}

/// Analyses files with the libraries that an example pins.
pub fn analysed(example: &Example, files: &[ExampleFile]) -> Analysed {
    let mut files: Vec<SourceFile> = files
        .iter()
        .map(|file| {
            let language = Language::of_path(Path::new(&file.path)).unwrap_or_else(|| panic!("{}: which language?", file.path));
            SourceFile::new(file.path.as_str(), language, file.text.clone().into_bytes())
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let manifests = [manifest(example)];
    let project = Project::new("/work", files.iter().map(|file| file.path.as_str()), &manifests);
    let mut paths = PathRules::default();
    if let Some(server) = &example.server {
        let server = Server::parse(&server.replace('-', " ")).unwrap_or_else(|| panic!("{server}: which server?"));
        paths.servers.extend((0..files.len() as u32).map(|file| (FileId(file), server)));
    }
    if let Some(service) = &example.service {
        let service = Service::named(service).unwrap_or_else(|| panic!("{service}: which service?"));
        paths.services.extend((0..files.len() as u32).map(|file| (FileId(file), service)));
    }
    let output =
        analyze(Input { sources: &files, project: &project, libraries: libraries(), paths: &paths, parse_all: true, lowered: None });
    Analysed { files, output }
}
