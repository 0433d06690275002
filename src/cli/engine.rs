//! The analyses, put together for the commands.

use std::time::Instant;

use super::modules::Store;
use super::profile::Profiles;
use super::{Checked, Engine, Error, Input};
use crate::cache::Cache;
use crate::finding::{Finding, Skipped};
use crate::fix::{Spelling, spell};
use crate::operation::Analysis;
use crate::output::Measures;
use crate::pipeline::{self, Ask, Lowered};

/// The stages of the pipeline.
#[derive(Debug, Default)]
pub struct Analyses {
    /// Where lowered files are kept.
    cache: Option<Cache>,
}

impl Analyses {
    /// The stages, with what former runs kept, or without.
    #[must_use]
    pub fn new(cache: Option<Cache>) -> Self {
        Self { cache }
    }

    fn run(&self, input: &Input, ask: Ask) -> pipeline::Output {
        let store = Store::open(self.cache.as_ref(), input);
        let modules = store.as_ref().map(Store::modules);
        let asked = pipeline::Input {
            sources: &input.walked.files,
            project: &input.project,
            libraries: &input.setup.libraries,
            paths: &input.paths,
            // A file that was not selected may be what was missed.
            parse_all: input.parse_all || ask == Ask::Unresolved,
            lowered: modules.as_ref().map(|modules| modules as &dyn Lowered),
        };
        let output = pipeline::answer(asked, ask);
        if let (Some(store), Some(modules)) = (&store, modules) {
            store.close(modules);
        }
        output
    }
}

impl Engine for Analyses {
    fn analyze(&self, input: &Input, ask: Ask) -> Result<(Analysis, Vec<Skipped>), Error> {
        let output = self.run(input, ask);
        let skipped = pipeline::skipped(&output.partial, &input.walked.files);
        Ok((output.analysis, skipped))
    }

    fn check(&self, input: &Input, profiles: &Profiles) -> Result<Checked, Error> {
        let pipeline::Output { analysis, partial, comments, statistics } = self.run(input, Ask::Nothing);
        let skipped = pipeline::skipped(&partial, &input.walked.files);
        let clock = Instant::now();
        let (files, libraries) = (&input.walked.files, &input.setup.libraries);
        let speller = Spelling { libraries };
        let mut findings = Vec::new();
        for (number, selected) in profiles.profiles.iter().enumerate() {
            let found = crate::rule::check(profiles.rules, selected, &analysis, files, &speller);
            let own = found.into_iter().filter(|found| profiles.of(found.finding.primary.file) == number);
            findings.extend(own.map(|found| {
                let fix = found.fix.and_then(|request| spell(&request, &analysis, files, libraries));
                Finding { fix, ..found.finding }
            }));
        }
        findings.sort_by(|one: &Finding, other| one.place().cmp(&other.place()));
        let mut stages = statistics.stages;
        stages.push(("rules", clock.elapsed()));
        let measures = Measures {
            read: statistics.files,
            bytes: statistics.bytes,
            parsed: statistics.parsed,
            parsed_bytes: statistics.parsed_bytes,
            kept: statistics.kept,
            rounds: statistics.rounds,
            stages,
        };
        Ok(Checked { findings, skipped, partial, comments, measures })
    }
}
