//! The configuration of a run, with the rules and the client tables that it names.

use std::path::{Path, PathBuf};

use super::{Cli, Error, Terminal, own};
use crate::client::Libraries;
use crate::config::{Configuration, Known, Which};
use crate::rule::Rules;
use crate::suppression::CHECKS;
use crate::walk::real_path;

/// What a run works with.
#[derive(Debug)]
pub struct Setup {
    /// What the project says.
    pub configuration: Configuration,
    /// The rules that came with the binary, and the user's own.
    pub rules: Rules,
    /// The client tables that came with the binary, the user's own, and those made of declared clients.
    pub libraries: Libraries,
}

/// The configurations above the working directory and the given paths.
pub(super) fn configuration(cli: &Cli, directory: &Path, given: &[PathBuf]) -> Result<Configuration, Error> {
    let which = match &cli.configuration.config {
        Some(path) => Which::Only(path),
        None if cli.configuration.no_config => Which::None,
        None => Which::Nearest,
    };
    let given: Vec<PathBuf> = given.iter().map(|path| real_path(path, directory)).collect();
    Ok(Configuration::above(directory, given.iter().map(PathBuf::as_path), which)?)
}

/// The working directory, without links.
pub(super) fn directory(terminal: &Terminal) -> Result<PathBuf, Error> {
    terminal.directory().and_then(|directory| directory.canonicalize()).map_err(Error::Directory)
}

impl Setup {
    /// For commands that look at no files.
    pub(super) fn here(cli: &Cli, terminal: &Terminal) -> Result<Self, Error> {
        let directory = directory(terminal)?;
        Self::load(configuration(cli, &directory, &[])?, cli, &directory)
    }

    /// Reads what the configuration and the command line name. A folder on the command line takes the place of the configured ones.
    pub(super) fn load(configuration: Configuration, cli: &Cli, directory: &Path) -> Result<Self, Error> {
        let folders = |asked: &Option<PathBuf>, configured: Vec<PathBuf>| match asked {
            Some(folder) => vec![folder.clone()],
            None => configured.into_iter().map(|folder| folder.strip_prefix(directory).map(Path::to_owned).unwrap_or(folder)).collect(),
        };
        let pages = own::documents(&folders(&cli.rules, configuration.rule_pages()), ".md", directory)?;
        let rules = Rules::load(own::borrowed(&pages)).map_err(|errors| Error::RulePages { errors })?;
        let mut tables = own::documents(&folders(&cli.clients, configuration.client_tables()), ".toml", directory)?;
        let libraries = Libraries::load(own::borrowed(&tables)).map_err(Error::ClientTable)?;
        let known = libraries.iter().map(|(_, library)| {
            let majors = library.majors_that(|_, _| true);
            (library.name.to_string(), majors)
        });
        let known: Vec<(String, Vec<u32>)> = known.collect();
        let own: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        configuration.check(&Known { rules: &rules, own: &own, libraries: &known })?;
        let declared = configuration.declared_clients(|name| {
            let library = libraries.get(libraries.named(name)?);
            library.version_of.as_ref().or(library.packages.first()).map(ToString::to_string)
        });
        let libraries = if declared.is_empty() {
            libraries
        } else {
            tables.extend(declared);
            Libraries::load(own::borrowed(&tables)).map_err(Error::ClientTable)?
        };
        Ok(Self { configuration, rules, libraries })
    }
}
