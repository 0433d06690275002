//! One event of an analysis, seen through its facts.

use smol_str::SmolStr;

use super::Subject;
use crate::operation::{
    Analysis, Client, ClientId, EventKind, FactId, Facts, Operation, OperationId, QueueId, RunId, Site, Template, TreeId, Value, fact,
};

/// Names an event of an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventId {
    /// A call on a client.
    Operation(OperationId),
    /// The construction of a client.
    Client(ClientId),
    /// A pipeline or transaction.
    Queue(QueueId),
    /// A row of round trips.
    Run(RunId),
    /// A key family, by its index.
    Family(u32),
    /// An entry point, by its index.
    Entry(u32),
}

/// The known value of a fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Seen<'a> {
    /// A word.
    Word(&'a str),
    /// A set of words.
    Words(&'a [&'static str]),
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A key template.
    Template(&'a Template),
}

impl<'a> From<&'a Value> for Seen<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Word(word) => Self::Word(word),
            Value::Words(words) => Self::Words(words),
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) => Self::Number(*number),
            Value::Template(template) => Self::Template(template),
        }
    }
}

impl EventId {
    /// All events of a kind.
    pub(super) fn all(kind: EventKind, analysis: &Analysis) -> Vec<Self> {
        let ids = |length: usize| 0..length as u32;
        match kind {
            EventKind::Operation => ids(analysis.operations.len()).map(|id| Self::Operation(OperationId(id))).collect(),
            EventKind::Client => ids(analysis.clients.len()).map(|id| Self::Client(ClientId(id))).collect(),
            EventKind::Queue => ids(analysis.queues.len()).map(|id| Self::Queue(QueueId(id))).collect(),
            EventKind::Run => ids(analysis.runs.len()).map(|id| Self::Run(RunId(id))).collect(),
            EventKind::Family => ids(analysis.families.len()).map(Self::Family).collect(),
            EventKind::Entry => ids(analysis.entries.len()).map(Self::Entry).collect(),
        }
    }

    /// The operation that it is.
    #[must_use]
    pub fn operation(self, analysis: &Analysis) -> Option<&Operation> {
        match self {
            Self::Operation(id) => analysis.operations.get(id.0 as usize),
            _ => None,
        }
    }

    /// The client that it is.
    #[must_use]
    pub fn client(self, analysis: &Analysis) -> Option<&Client> {
        match self {
            Self::Client(id) => analysis.clients.get(id.0 as usize),
            _ => None,
        }
    }

    /// Where it stands: a run or family at its first member.
    #[must_use]
    pub fn site(self, analysis: &Analysis) -> Option<&Site> {
        Some(match self {
            Self::Operation(_) => &self.operation(analysis)?.site,
            Self::Client(_) => &self.client(analysis)?.site,
            Self::Queue(id) => &analysis.queues.get(id.0 as usize)?.site,
            Self::Run(_) | Self::Family(_) => &Self::Operation(*self.members(analysis).first()?).operation(analysis)?.site,
            Self::Entry(index) => &analysis.entries.get(index as usize)?.site,
        })
    }

    /// The function it stands in.
    #[must_use]
    pub fn tree(self, analysis: &Analysis) -> Option<TreeId> {
        match self {
            Self::Operation(_) => self.operation(analysis)?.tree,
            Self::Client(_) => self.client(analysis)?.tree,
            Self::Queue(id) => analysis.queues.get(id.0 as usize)?.tree,
            Self::Run(id) => Some(analysis.runs.get(id.0 as usize)?.tree),
            Self::Family(_) | Self::Entry(_) => None,
        }
    }

    /// The operations that it is made of.
    #[must_use]
    pub fn members(self, analysis: &Analysis) -> &[OperationId] {
        match self {
            Self::Run(id) => analysis.runs.get(id.0 as usize).map_or(&[], |run| &run.members),
            Self::Family(index) => analysis.families.get(index as usize).map_or(&[], |family| &family.members),
            _ => &[],
        }
    }

    /// The client library, for operations and clients: its name and newest allowed major version.
    pub(super) fn library(self, analysis: &Analysis) -> Option<(&SmolStr, Option<u32>)> {
        match self {
            Self::Operation(_) => self.operation(analysis).map(|operation| (&operation.library, operation.major)),
            Self::Client(_) => self.client(analysis).map(|client| (&client.library, client.major)),
            _ => None,
        }
    }

    /// Whether a verdict on it differs between the versions that the project allows.
    pub(super) fn versions_differ(self, analysis: &Analysis) -> bool {
        match self {
            Self::Operation(_) => self.operation(analysis).is_some_and(|operation| operation.versions_differ),
            Self::Client(_) => self.client(analysis).is_some_and(|client| client.versions_differ),
            _ => false,
        }
    }

    fn facts(self, analysis: &Analysis) -> Option<&Facts> {
        Some(match self {
            Self::Operation(_) => &self.operation(analysis)?.facts,
            Self::Client(_) => &self.client(analysis)?.facts,
            Self::Queue(id) => &analysis.queues.get(id.0 as usize)?.facts,
            Self::Run(id) => &analysis.runs.get(id.0 as usize)?.facts,
            Self::Family(index) => &analysis.families.get(index as usize)?.facts,
            Self::Entry(index) => &analysis.entries.get(index as usize)?.facts,
        })
    }

    /// The value of a fact, of the event or of its client; `None` is unknown.
    pub(super) fn see(self, analysis: &Analysis, subject: Subject, id: FactId) -> Option<Seen<'_>> {
        match subject {
            Subject::Event => self.own(analysis, id),
            Subject::Client => {
                let mut clients = self.operation(analysis)?.clients.iter().map(|client| Self::Client(*client).own(analysis, id));
                let first = clients.next()??;
                clients.all(|other| other == Some(first)).then_some(first)
            }
        }
    }

    fn own(self, analysis: &Analysis, id: FactId) -> Option<Seen<'_>> {
        if let Some(operation) = self.operation(analysis) {
            match id {
                fact::COMMAND => return Some(Seen::Word(&operation.command)),
                fact::KEY => return operation.keys.first().map(|key| Seen::Template(&key.template)),
                _ => {}
            }
        }
        self.facts(analysis)?.get(id).map(Seen::from)
    }
}
