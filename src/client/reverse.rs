//! From commands to the way a library writes them: what a fix needs.

use smol_str::SmolStr;

use super::library::Library;
use super::meaning::Meaning;
use super::row::{Form, Spelling};
use super::spelling;
use super::version::{Versioned, Versions};
use super::words::{Case, Ecosystem, FormShape, FormVerdict, RawWords};
use crate::command::{Command, CommandTable, TtlUnit};

/// The method that sends a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodName {
    /// Its name, with the property before a dot: `json.get`.
    pub name: SmolStr,
    /// Words that come first, as string literals: `CREATE` of `xgroup("CREATE", …)`; for a raw method the command itself.
    pub words: Vec<SmolStr>,
    /// Whether all arguments, `words` included, stand in one array.
    pub array: bool,
}

/// An argument of a call that is to be written. `V` is whatever the caller has for a value: source text, a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written<V> {
    /// A value as it stands.
    Value(V),
    /// A string literal.
    Word(SmolStr),
    /// Values in an array.
    List(Vec<V>),
    /// Names with values: an object literal, a hash, or keyword arguments.
    Names(NamesShape, Vec<(WrittenName<V>, WrittenValue<V>)>),
}

/// How names with values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamesShape {
    /// An object literal, or a hash in braces.
    Braces,
    /// Keyword arguments.
    Keywords,
}

/// A name of [`Written::Names`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenName<V> {
    /// An option.
    Option(SmolStr),
    /// A value of the program: the field of HSET.
    Value(V),
}

/// A value of [`Written::Names`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenValue<V> {
    /// A value of the program.
    Value(V),
    /// True.
    True,
}

/// A call to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenCall<V> {
    /// Method, with its property before a dot.
    pub method: SmolStr,
    /// Arguments in order.
    pub arguments: Vec<Written<V>>,
}

/// A slot of a command line that is to be spelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineSlot<V> {
    /// One value.
    One(V),
    /// Values that stand for a repeated slot: the keys of MGET.
    Many(Vec<V>),
    /// Pairs that stand for a repeated pair of slots: field and value of HSET, key and value of MSET.
    Pairs(Vec<(V, V)>),
}

/// An option of a command line that is to be spelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineOption<V> {
    /// A TTL or an instant.
    Ttl(TtlUnit, V),
    /// The TTL stays.
    KeepTtl,
    /// A condition: `NX`.
    Condition(SmolStr),
    /// The old value is the reply.
    Get,
}

impl<V> LineOption<V> {
    fn token(&self) -> &str {
        match self {
            Self::Ttl(TtlUnit::Seconds, _) => "EX",
            Self::Ttl(TtlUnit::Milliseconds, _) => "PX",
            Self::Ttl(TtlUnit::SecondsAt, _) => "EXAT",
            Self::Ttl(TtlUnit::MillisecondsAt, _) => "PXAT",
            Self::KeepTtl => "KEEPTTL",
            Self::Condition(name) => name,
            Self::Get => "GET",
        }
    }

    fn is_meant_by(&self, meaning: &Meaning) -> bool {
        Meaning::of_token(self.token()).as_ref() == Some(meaning)
    }
}

impl Library {
    /// How the library calls a command, the same in every allowed version; `None` where it cannot or the versions differ.
    #[must_use]
    pub fn method_for(&self, command: &str, allowed: Versions) -> Option<MethodName> {
        let command = CommandTable::builtin().get(command)?;
        if self.tables.spelling.iter().any(|row| !row.versions.intersection(allowed).is_empty()) {
            return self.same(allowed, &self.tables.spelling, |row| self.spelled_name(row, command, allowed));
        }
        self.same(allowed, &self.tables.raw, |raw| {
            let words = command.name.split(' ').map(SmolStr::new).collect();
            let plain = raw.skip == 0 && !raw.waits && raw.words != RawWords::Object && raw.words != RawWords::NameAndArray;
            plain.then(|| MethodName { name: raw.method.first_name().into(), words, array: raw.words == RawWords::Array })
        })
    }

    /// What the first row of every allowed version says, when it is the same.
    fn same<T, U: PartialEq>(&self, allowed: Versions, rows: &[Versioned<T>], what: impl Fn(&T) -> Option<U>) -> Option<U> {
        let mut left = allowed;
        let mut said: Option<U> = None;
        for row in rows {
            if row.versions.intersection(left).is_empty() {
                continue;
            }
            let Some(this) = what(&row.row) else { continue };
            if said.as_ref().is_some_and(|said| *said != this) {
                return None;
            }
            said = Some(this);
            left = left.without(row.versions);
        }
        said.filter(|_| left.is_empty())
    }

    fn spelled_name(&self, spelling: &Spelling, command: &Command, allowed: Versions) -> Option<MethodName> {
        let case = *spelling.case.first()?;
        let named = |command: &Command| match case {
            Case::Camel => spelling::names(spelling).into_iter().find(|(_, known)| known.name == command.name).map(|(name, _)| name),
            _ => spelling::name_in(case, spelling.container, command).filter(|_| !spelling.absent.has(&command.name)),
        };
        let found = match (named(command), command.name.split_once(' ')) {
            (Some(name), _) => MethodName { name, words: Vec::new(), array: false },
            (None, Some((container, subcommand))) => {
                let name = named(CommandTable::builtin().get(container)?)?;
                MethodName { name, words: vec![subcommand.into()], array: false }
            }
            (None, None) => return None,
        };
        // A method that the spelling rule gives may be an exception, or missing, in one of the versions.
        let rows = self.tables.method.iter().filter(|row| row.row.name.has(&found.name) && !row.versions.intersection(allowed).is_empty());
        let hindered =
            rows.clone().any(|row| row.row.verdict.is_some() || row.row.command.as_ref().is_some_and(|other| *other != command.name));
        (!hindered).then_some(found)
    }

    /// How the library writes a command line: `SET key value EX ttl`, `MGET key…`, `HSET key (field value)…`. `None` where it has
    /// no form for it, or not the same in every allowed version.
    #[must_use]
    pub fn spell_call<V: Clone + PartialEq>(
        &self,
        command: &str,
        slots: &[LineSlot<V>],
        options: &[LineOption<V>],
        allowed: Versions,
    ) -> Option<WrittenCall<V>> {
        let method = self.method_for(command, allowed)?;
        let raw = self.tables.spelling.iter().all(|row| row.versions.intersection(allowed).is_empty());
        let mut arguments: Vec<Written<V>> = method.words.iter().cloned().map(Written::Word).collect();
        for slot in slots {
            self.write_slot(slot, raw, allowed, &mut arguments)?;
        }
        if raw {
            for option in options {
                write_tokens(option, &mut arguments);
            }
            if method.array {
                return None;
            }
        } else if !options.is_empty() {
            self.write_options(command, options, allowed, &mut arguments)?;
        }
        Some(WrittenCall { method: method.name, arguments })
    }

    fn write_slot<V: Clone + PartialEq>(
        &self,
        slot: &LineSlot<V>,
        raw: bool,
        allowed: Versions,
        arguments: &mut Vec<Written<V>>,
    ) -> Option<()> {
        // Libraries that take apart what stands in an array or object say so in a `value` row; those written in camel case want
        // it that way, the others take plain arguments.
        let packed = !raw
            && self
                .tables
                .spelling
                .iter()
                .any(|row| row.row.case.first() == Some(&Case::Camel) && !row.versions.intersection(allowed).is_empty());
        match slot {
            LineSlot::One(value) => arguments.push(Written::Value(value.clone())),
            LineSlot::Many(values) if packed => arguments.push(Written::List(values.clone())),
            LineSlot::Many(values) => arguments.extend(values.iter().cloned().map(Written::Value)),
            LineSlot::Pairs(pairs) if packed || self.wants_names() => {
                let names = pairs.iter().map(|(name, value)| (WrittenName::Value(name.clone()), WrittenValue::Value(value.clone())));
                arguments.push(Written::Names(NamesShape::Braces, names.collect()));
            }
            LineSlot::Pairs(pairs) => {
                arguments.extend(pairs.iter().flat_map(|(one, two)| [Written::Value(one.clone()), Written::Value(two.clone())]))
            }
        }
        Some(())
    }

    /// Whether fields and values go in an object, and in no other way: a library that encodes every value would encode the rest.
    fn wants_names(&self) -> bool {
        self.ecosystem == Ecosystem::Npm && self.tables.value.iter().any(|row| row.row.verdict == super::words::ValueVerdict::Encoded)
    }

    fn write_options<V: Clone + PartialEq>(
        &self,
        command: &str,
        options: &[LineOption<V>],
        allowed: Versions,
        arguments: &mut Vec<Written<V>>,
    ) -> Option<()> {
        let shapes = [FormShape::Options, FormShape::Keywords, FormShape::Tokens];
        let (shape, form) = shapes.iter().find_map(|shape| Some((*shape, self.accepting_form(command, *shape, options, allowed)?)))?;
        match shape {
            FormShape::Tokens => {
                for option in options {
                    write_tokens(option, arguments);
                }
            }
            _ => {
                let names = options.iter().map(|option| write_name(option, form)).collect::<Option<Vec<_>>>()?;
                let shape = if shape == FormShape::Keywords { NamesShape::Keywords } else { NamesShape::Braces };
                arguments.push(Written::Names(shape, names));
            }
        }
        Some(())
    }

    /// The form that every allowed version accepts, with a name for each option that means the same in all of them.
    fn accepting_form<V>(&self, command: &str, shape: FormShape, options: &[LineOption<V>], allowed: Versions) -> Option<&Form> {
        let rows = self.tables.form.iter().filter(|row| row.row.command.has(command) && row.row.shape.contains(&shape));
        let mut left = allowed;
        let mut newest = None;
        for row in rows.filter(|row| !row.versions.intersection(allowed).is_empty()) {
            let takes = options.iter().all(|option| row.row.keys.0.iter().any(|(_, meaning)| option.is_meant_by(meaning)));
            if row.row.verdict != FormVerdict::Accepted || !takes {
                return None;
            }
            left = left.without(row.versions);
            newest = Some(&row.row);
        }
        newest.filter(|_| left.is_empty())
    }
}

fn write_tokens<V: Clone>(option: &LineOption<V>, arguments: &mut Vec<Written<V>>) {
    arguments.push(Written::Word(option.token().into()));
    if let LineOption::Ttl(_, value) = option {
        arguments.push(Written::Value(value.clone()));
    }
}

fn write_name<V: Clone>(option: &LineOption<V>, form: &Form) -> Option<(WrittenName<V>, WrittenValue<V>)> {
    let (name, _) = form.keys.0.iter().find(|(_, meaning)| option.is_meant_by(meaning))?;
    let value = match option {
        LineOption::Ttl(_, value) => WrittenValue::Value(value.clone()),
        _ => WrittenValue::True,
    };
    Some((WrittenName::Option(name.clone()), value))
}
