//! A rule, read and checked.

use smol_str::SmolStr;

use super::{Example, Message, Role};
use crate::finding::{Safety, Severity};
use crate::operation::relation::{Between, Path, Same, Trips};
use crate::operation::{EventKind, FactId, fact};

/// The categories of rules.
pub const CATEGORIES: &[&str] = &[
    "api",
    "atomicity",
    "lock",
    "ttl",
    "null",
    "round-trips",
    "blocking",
    "keys",
    "connection",
    "errors",
    "serialization",
    "security",
    "version",
    "cluster",
    "memory",
    "project",
];

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name: the stem of its page.
    pub id: SmolStr,
    /// The heading of its page.
    pub title: String,
    /// One of [`CATEGORIES`].
    pub category: &'static str,
    /// How bad a finding is, unless a case says otherwise.
    pub severity: Severity,
    /// Whether it runs without being asked for.
    pub enabled: bool,
    /// Whether it also looks at test code.
    pub tests: bool,
    /// Where its claims come from: URLs.
    pub sources: Vec<String>,
    /// Rules whose findings it replaces, as written.
    pub supersedes: Vec<SmolStr>,
    /// What a user may set.
    pub options: Vec<RuleOption>,
    /// What it matches: any of these.
    pub cases: Vec<Case>,
    /// The code examples of its page, in order.
    pub examples: Vec<Example>,
    /// The whole page as written.
    pub page: String,
    /// Where the `toml rule` block stands in the page, fences included: byte offsets.
    pub block: std::ops::Range<usize>,
    /// Path of the page, as given to the loader.
    pub path: String,
    /// Whether it came with the binary.
    pub embedded: bool,
}

impl Rule {
    /// The option of a name.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&RuleOption> {
        self.options.iter().find(|option| option.name == name)
    }

    /// Whether some case offers a fix.
    #[must_use]
    pub fn fixable(&self) -> bool {
        self.cases.iter().any(|case| case.fix.is_some())
    }
}

/// A setting of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleOption {
    /// Its name.
    pub name: SmolStr,
    /// Its value when the user sets none; the type of the user's value must be the same.
    pub default: OptionValue,
    /// One sentence.
    pub about: String,
    /// The texts that it may be; any when there are none.
    pub values: Vec<String>,
}

impl RuleOption {
    /// The value that an example writes: a list is separated by commas.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<OptionValue> {
        let value = match self.default {
            OptionValue::Number(_) => OptionValue::Number(text.parse().ok()?),
            OptionValue::Text(_) => OptionValue::Text(text.to_owned()),
            OptionValue::List(_) => OptionValue::List(text.split(',').map(str::to_owned).collect()),
        };
        self.takes(&value).then_some(value)
    }

    /// Whether a value is one that it may have.
    #[must_use]
    pub fn takes(&self, value: &OptionValue) -> bool {
        let takes = |text: &String| self.values.is_empty() || self.values.contains(text);
        match (&self.default, value) {
            (OptionValue::Number(_), OptionValue::Number(_)) => true,
            (OptionValue::Text(_), OptionValue::Text(text)) => takes(text),
            (OptionValue::List(_), OptionValue::List(texts)) => texts.iter().all(takes),
            _ => false,
        }
    }
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionValue {
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

/// One way for a rule to match.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is matched.
    pub shape: Shape,
    /// What cancels it.
    pub unless: Vec<Unless>,
    /// What is said.
    pub message: Message,
    /// What to write instead.
    pub help: Option<Message>,
    /// How bad it is.
    pub severity: Severity,
    /// Which event carries the primary label.
    pub report: Report,
    /// How it is put right.
    pub fix: Option<FixSpec>,
}

/// One event, or two related operations.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// One event.
    Single(Pattern),
    /// An operation with another that follows it, or that is missing.
    Pair {
        /// The operation that comes first.
        first: Pattern,
        /// What must follow, with how.
        then: Option<Box<Tail>>,
        /// What must not be there.
        absent: Option<Box<Absent>>,
    },
}

/// Predicates over one event; all must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Kind of the event.
    pub event: EventKind,
    /// Predicates, cheap ones first; those that every case has without writing them are included.
    pub predicates: Vec<Predicate>,
}

/// The second operation of a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Tail {
    /// What it is.
    pub pattern: Pattern,
    /// How it stands to the first.
    pub relations: Relations,
}

/// An operation that must not be there.
#[derive(Clone, Debug, PartialEq)]
pub struct Absent {
    /// What it would be.
    pub pattern: Pattern,
    /// Where it is looked for.
    pub within: World,
    /// What it would share with the first operation.
    pub same: Same,
}

/// Where an absent operation is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// What follows the first operation in its function.
    After,
    /// What stands between the two.
    Between,
    /// What precedes the first operation in its function.
    Before,
}

/// How two operations must be related. Empty lists mean *any*.
#[derive(Clone, Debug, PartialEq)]
pub struct Relations {
    /// What they share.
    pub same: Same,
    /// Whether the second certainly follows.
    pub path: Vec<Path>,
    /// The test on the way.
    pub guard: Option<Test>,
    /// Which slot of the second derives from the first's reply; `nothing` is none.
    pub takes: Option<Test>,
    /// How that slot derives from it.
    pub change: Option<Test>,
    /// The most that may stand between.
    pub between: Between,
    /// How the two travel.
    pub trips: Vec<Trips>,
}

impl Default for Relations {
    fn default() -> Self {
        Self {
            same: Same::CLIENT | Same::KEY,
            path: vec![Path::Always],
            guard: None,
            takes: None,
            change: None,
            between: Between::Calls,
            trips: vec![Trips::Alone],
        }
    }
}

/// A test of a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// Whose fact.
    pub subject: Subject,
    /// Which fact.
    pub fact: FactId,
    /// What must hold.
    pub test: Test,
}

/// Whose fact a predicate tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The event's own.
    Event,
    /// That of the operation's client (`client_held`); unknown when several clients may reach the call and they differ.
    Client,
}

/// What must hold of a fact's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is one of these words, or contains one of them.
    AnyOf(Vec<SmolStr>),
    /// It is known and none of these words, or contains none of them.
    NoneOf(Vec<SmolStr>),
    /// It is known, not empty, and contains these words only.
    Only(Vec<SmolStr>),
    /// It is this truth value.
    Is(bool),
    /// It is one of these numbers.
    Numbers(Vec<f64>),
    /// It lies between these bounds, bounds included.
    Range(Option<Bound>, Option<Bound>),
    /// It stands between these rungs of its ladder, bounds included.
    Rungs(usize, usize),
    /// It is a template that one of these describes.
    Templates(Vec<Glob>),
    /// It is one of the texts of an option, as a word, or as a key that begins like one of them; negated, it certainly is none.
    Option {
        /// The option, which is text or a list of texts.
        name: SmolStr,
        /// Whether it must be none of them.
        negated: bool,
    },
}

/// A number, or an option of the rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// This number.
    Number(f64),
    /// The value of the option.
    Option(SmolStr),
}

/// A key template in a rule: literal texts with `*` between them, which stands for any text and any hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(pub Vec<SmolStr>);

impl Glob {
    /// The glob of a text: `cache:*`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.split('*').map(SmolStr::from).collect())
    }
}

/// What cancels a match.
#[derive(Clone, Debug, PartialEq)]
pub struct Unless {
    /// Which event is tested.
    pub on: UnlessOn,
    /// All of these hold.
    pub predicates: Vec<Predicate>,
}

/// The event that an `unless` tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlessOn {
    /// The single event, or the first operation.
    First,
    /// The second operation.
    Then,
    /// Any operation between the two.
    Between,
}

/// Which event carries the primary label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// The first, or the only one.
    First,
    /// The second.
    Then,
}

/// A fix as data: edits of events.
#[derive(Clone, Debug, PartialEq)]
pub struct FixSpec {
    /// Whether it may be applied unseen, when nothing lowers it.
    pub safety: Safety,
    /// Imperative line.
    pub title: String,
    /// What must hold for the fix to be offered.
    pub when: Vec<When>,
    /// What is done, in order.
    pub actions: Vec<Action>,
}

/// A condition of a fix.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// A fact of an event.
    Fact(Role, Predicate),
    /// The most that may stand between the two operations.
    Between(Between),
    /// Whether the second certainly follows the first.
    Path(Path),
}

/// One edit of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Replaces the call by this Redis command.
    Change(Role, Message),
    /// Removes the statement that the call is.
    Remove(Role),
    /// Writes the same command in the form that the client reads.
    Reshape(Role),
    /// Converts an argument.
    Wrap(Role, SmolStr, Conversion),
    /// Appends a listener for this event to a client.
    Listener(SmolStr),
}

/// The conversions that every language's writer knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion(pub &'static str);

impl Conversion {
    /// Their names.
    pub const NAMES: &'static [&'static str] = &["json", "string", "number", "integer", "positive?", "empty?"];
}

/// Facts whose values may differ between versions of a client: a finding that rests on one is milder when they do.
pub(super) const VERSIONED: &[FactId] = &[
    fact::METHOD_VERDICT,
    fact::FORM_VERDICT,
    fact::OPTION_VERDICT,
    fact::ARGUMENTS_VERDICT,
    fact::API_VERDICT,
    fact::CONNECT_NEED,
    fact::THREAD_SAFE,
    fact::DECODES,
    fact::SUBSCRIBER_MODE,
    fact::QUEUE_BYPASS,
    fact::REPLY,
    fact::REPLY_TEST,
    fact::VALUE_VERDICT,
    fact::REPLY_MISSING,
    fact::LISTENER_NEED,
    fact::TTL,
    fact::CONDITION,
];
