//! The events that rules match.

use smol_str::SmolStr;

use super::{Facts, Key, Tree, TreeId};
use crate::key::Template;
use crate::source::{FileId, Span};

/// Everything the analyses found in a set of files. Vectors are sorted by file and place; ids are indices.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Calls on Redis clients.
    pub operations: Vec<Operation>,
    /// Constructions of clients.
    pub clients: Vec<Client>,
    /// Pipelines and transactions.
    pub queues: Vec<Queue>,
    /// Rows of independent round trips.
    pub runs: Vec<Run>,
    /// Key families.
    pub families: Vec<Family>,
    /// Entry points.
    pub entries: Vec<Entry>,
    /// One event tree per function that has an event.
    pub trees: Vec<Tree>,
    /// Calls that may be operations, when they were asked for.
    pub unresolved: Vec<Unresolved>,
}

/// A call that is named like a Redis command and whose receiver is not known.
#[derive(Clone, Debug)]
pub struct Unresolved {
    /// Where.
    pub site: Site,
    /// The command that it would be.
    pub command: SmolStr,
    /// The method as written.
    pub method: SmolStr,
    /// Why the receiver is not known: the last step back that could be taken.
    pub why: Link,
}

/// Index into [`Analysis::operations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationId(pub u32);

/// Index into [`Analysis::clients`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(pub u32);

/// Index into [`Analysis::queues`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueueId(pub u32);

/// Index into [`Analysis::runs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub u32);

/// Where an event stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site {
    /// File.
    pub file: FileId,
    /// The method-name token (or the `new` of a construction): what a finding points at.
    pub name: Span,
    /// The whole call expression, from receiver to closing parenthesis.
    pub call: Span,
    /// The arguments with their parentheses; empty where there are none.
    pub arguments: Span,
    /// The receiver expression; empty for an implied one.
    pub receiver: Span,
    /// The statement that the call is (with its `await`), when it is one: its value is used nowhere and it can be removed.
    pub statement: Option<Span>,
}

/// A step on the way from a call to where its client was made, for the evidence label and `--explain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// File.
    pub file: FileId,
    /// Place.
    pub span: Span,
    /// What happens there: "an ioredis client is made here".
    pub text: String,
}

/// What a value is the same as. Two equal identities are the same value as long as none of the `bindings` is assigned between.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// Canonical text of the expression, with bindings replaced by their unique names.
    pub canonical: SmolStr,
    /// Whether it is the same by value (literals and pure expressions over bindings) and not only by its source text (`key(id)`).
    pub by_value: bool,
    /// Unique names of the bindings and fields it is made of.
    pub bindings: Vec<SmolStr>,
}

/// An argument of an operation, by its name in the command table: `key`, `value`, `ttl`, `field`, `member`, `arguments` …
#[derive(Clone, Debug)]
pub struct Slot {
    /// Slot name.
    pub name: SmolStr,
    /// The argument expression.
    pub span: Span,
    /// What it is the same as.
    pub identity: Option<Identity>,
    /// Which replies it derives from, and how.
    pub derives: Vec<Derivation>,
    /// Whether evaluating it has no effect (names, literals, members, templates of such).
    pub pure: bool,
}

/// That a value is made of an operation's reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivation {
    /// Whose reply.
    pub operation: OperationId,
    /// How: `same`, `increment`, `append`, `edit` or `replaced`.
    pub change: &'static str,
}

/// One Redis command issued, or queued, at one place.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Where.
    pub site: Site,
    /// Canonical command name: `XGROUP CREATE`; `CONNECT`, `PIPELINE`, `MULTI`, `EXEC`, `QUIT` for life-cycle calls.
    pub command: SmolStr,
    /// The method as written.
    pub method: SmolStr,
    /// Client library by the name of its table.
    pub library: SmolStr,
    /// Highest major version of the library that the project allows, when known.
    pub major: Option<u32>,
    /// Library versions that the project allows, for spelling: majors.
    pub majors: Vec<u32>,
    /// Whether some verdict differs between the allowed majors, so that severity falls one step.
    pub versions_differ: bool,
    /// The constructions its client may come from; several when more than one reaches the call.
    pub clients: Vec<ClientId>,
    /// What the receiver is the same as.
    pub receiver: Option<Identity>,
    /// The pipeline or transaction it is queued on.
    pub queue: Option<QueueId>,
    /// Its keys in order, as the code gives them.
    pub keys: Vec<Key>,
    /// What the client puts in front of each of them.
    pub key_prefix: Option<Template>,
    /// Its arguments by slot.
    pub slots: Vec<Slot>,
    /// Whether a spread or an unknown object hides arguments.
    pub arguments_hidden: bool,
    /// The option that `form_verdict` is about, for messages.
    pub option: Option<SmolStr>,
    /// How the client is known, from the nearest step to the construction.
    pub origin: Vec<Link>,
    /// The loop around it: commands with the same one belong to one turn.
    pub loop_at: Option<Span>,
    /// The function it stands in.
    pub tree: Option<TreeId>,
    /// The name of that function, for messages.
    pub function: Option<SmolStr>,
    /// Its facts.
    pub facts: Facts,
}

impl Operation {
    /// The keys as reports show them: templates joined with `|`, or `None` when the command has no key.
    #[must_use]
    pub fn key_text(&self) -> Option<String> {
        (!self.keys.is_empty()).then(|| self.keys.iter().map(|key| key.template.to_string()).collect::<Vec<_>>().join("|"))
    }

    /// The first slot of a name.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }
}

/// A place where a client is constructed.
#[derive(Clone, Debug)]
pub struct Client {
    /// Where.
    pub site: Site,
    /// Client library by the name of its table.
    pub library: SmolStr,
    /// Highest major version that the project allows, when known.
    pub major: Option<u32>,
    /// Library versions that the project allows: majors.
    pub majors: Vec<u32>,
    /// Whether some verdict differs between the allowed majors.
    pub versions_differ: bool,
    /// The statement that binds it, after which a listener can be written.
    pub binding: Option<ClientBinding>,
    /// The function it stands in.
    pub tree: Option<TreeId>,
    /// The name of that function.
    pub function: Option<SmolStr>,
    /// Names of construction options that the verdict is about, for messages.
    pub option: Option<SmolStr>,
    /// The literal address, for messages.
    pub address: Option<SmolStr>,
    /// What it connects to, in a form that is equal for equal servers, logins and options.
    pub target: Option<String>,
    /// Its facts.
    pub facts: Facts,
}

/// The statement that gives a new client its name.
#[derive(Clone, Debug)]
pub struct ClientBinding {
    /// The name or path as written: `client`, `this.redis`.
    pub target: SmolStr,
    /// The whole statement.
    pub statement: Span,
}

/// A pipeline or transaction object.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Where it is opened.
    pub site: Site,
    /// The opening operation.
    pub opened_by: Option<OperationId>,
    /// The function it is opened in.
    pub tree: Option<TreeId>,
    /// Its facts.
    pub facts: Facts,
}

/// A maximal row of two or more operations, one after another in one function, each its own round trip, none needing
/// another's reply, on one client.
#[derive(Clone, Debug)]
pub struct Run {
    /// The operations, in order.
    pub members: Vec<OperationId>,
    /// The function.
    pub tree: TreeId,
    /// Its facts.
    pub facts: Facts,
}

/// All operations whose key templates agree.
#[derive(Clone, Debug)]
pub struct Family {
    /// The operations, in order.
    pub members: Vec<OperationId>,
    /// Its facts.
    pub facts: Facts,
}

/// A handler, job, script or other place where work begins.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The function.
    pub site: Site,
    /// Its facts.
    pub facts: Facts,
}
