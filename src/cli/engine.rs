//! The analyses, put together for the commands.

use super::{Checked, Cli, Engine, Error, Input, Terminal, own};
use crate::client::Libraries;
use crate::context::PathRules;
use crate::finding::{Finding, Skipped};
use crate::fix::{Spelling, spell};
use crate::operation::Analysis;
use crate::pipeline;
use crate::rule::{Rules, Selected};

/// Client tables and the stages of the pipeline.
#[derive(Debug)]
pub struct Analyses {
    libraries: Libraries,
    paths: PathRules,
}

impl Analyses {
    /// With the client tables that came with the binary, and those that the command line names.
    ///
    /// # Errors
    /// When a table cannot be read or is wrong.
    pub fn new(cli: &Cli, terminal: &Terminal) -> Result<Self, Error> {
        let own = own::documents(cli.clients.as_deref(), ".toml", terminal)?;
        Ok(Self { libraries: Libraries::load(own::borrowed(&own)).map_err(Error::ClientTable)?, paths: PathRules::default() })
    }

    fn run(&self, input: &Input) -> pipeline::Output {
        let sources = &input.walked.files;
        pipeline::analyze(pipeline::Input {
            sources,
            project: &input.project,
            libraries: &self.libraries,
            paths: &self.paths,
            parse_all: false,
        })
    }
}

impl Engine for Analyses {
    fn analyze(&self, input: &Input) -> Result<(Analysis, Vec<Skipped>), Error> {
        let output = self.run(input);
        let skipped = pipeline::skipped(&output, &input.walked.files);
        Ok((output.analysis, skipped))
    }

    fn check(&self, input: &Input, rules: &Rules, selected: &[Selected]) -> Result<Checked, Error> {
        let (analysis, skipped) = self.analyze(input)?;
        let files = &input.walked.files;
        let speller = Spelling { libraries: &self.libraries };
        let findings = crate::rule::check(rules, selected, &analysis, files, &speller);
        let findings = findings.into_iter().map(|found| {
            let fix = found.fix.and_then(|request| spell(&request, &analysis, files, &self.libraries));
            Finding { fix, ..found.finding }
        });
        Ok(Checked { findings: findings.collect(), skipped })
    }
}
