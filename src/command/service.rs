//! Managed services, and the commands that they refuse.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use smol_str::SmolStr;

/// A managed service.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What its provider calls it.
    pub title: String,
    /// The page of the provider that lists the commands.
    pub source: String,
    /// The commands, upper case; a container stands for all of its subcommands.
    refuses: Vec<SmolStr>,
}

impl Service {
    /// All services, by their names in configurations.
    ///
    /// # Panics
    /// When `commands-services.toml`, which is part of the program, does not load: a test rules that out.
    #[must_use]
    pub fn all() -> &'static BTreeMap<String, Self> {
        static ALL: OnceLock<BTreeMap<String, Service>> = OnceLock::new();
        ALL.get_or_init(|| match toml::from_str(include_str!("../../commands-services.toml")) {
            Ok(services) => services,
            Err(error) => panic!("commands-services.toml cannot be read: {error}"),
        })
    }

    /// The service of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().get(name)
    }

    /// Whether it refuses a command, by its canonical name.
    #[must_use]
    pub fn refuses(&self, command: &str) -> bool {
        let container = command.split(' ').next().unwrap_or(command);
        self.refuses.iter().any(|refused| refused == command || refused == container)
    }

    /// The commands that it refuses.
    pub fn refused(&self) -> impl Iterator<Item = &str> {
        self.refuses.iter().map(SmolStr::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::CommandTable;

    #[test]
    fn services_refuse_commands_that_there_are() {
        for (name, service) in Service::all() {
            for command in service.refused() {
                assert!(CommandTable::builtin().get(command).is_some(), "{name}: {command}");
            }
        }
    }

    #[test]
    fn a_container_stands_for_its_subcommands() {
        let refuses = |service: &str, command: &str| Service::named(service).map(|service| service.refuses(command));
        assert_eq!(refuses("elasticache", "CONFIG GET"), Some(true));
        assert_eq!(refuses("oci-cache", "CONFIG GET"), Some(false));
        assert_eq!(refuses("oci-cache", "CONFIG SET"), Some(true));
        assert_eq!(refuses("memorystore", "MONITOR"), Some(true));
        assert_eq!(refuses("elasticache", "GET"), Some(false));
        assert_eq!(refuses("elsewhere", "CONFIG"), None);
    }
}
