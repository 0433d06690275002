//! Rows of independent round trips.

use super::batches::{self, Alike};
use super::{Cx, Found};
use crate::client::Evidence;
use crate::command::{Batch, Varies};
use crate::operation::{Facts, Operation, OperationId, Run, Step, TreeId, Value, fact};
use crate::resolve::Unit;

/// Commands that are sent once, before anything else.
const SETTING_UP: &[&str] = &["SCRIPT LOAD", "FUNCTION LOAD", "XGROUP CREATE"];

/// Finds the runs of a file.
pub(crate) fn find(cx: Cx<'_>, unit: &Unit, found: &mut Found) {
    let mut runs = Vec::new();
    for (index, tree) in found.trees.iter().enumerate() {
        let mut search = Search { found, reached: &found.reached, row: Vec::new(), rows: Vec::new() };
        search.walk(&tree.steps);
        search.close();
        runs.extend(search.rows.into_iter().map(|members| run(cx, unit, found, members, TreeId(index as u32))));
    }
    found.runs = runs;
}

struct Search<'a> {
    found: &'a Found,
    reached: &'a [(Vec<crate::resolve::value::Place>, Option<crate::resolve::value::Place>)],
    row: Vec<OperationId>,
    rows: Vec<Vec<OperationId>>,
}

impl Search<'_> {
    fn close(&mut self) {
        let row = std::mem::take(&mut self.row);
        if row.len() >= 2 {
            self.rows.push(row);
        }
    }

    fn walk(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Operation(id) => self.take(*id),
                Step::Call { pure, .. } => {
                    if !pure {
                        self.close();
                    }
                }
                Step::Assign(_) => {}
                Step::Client(_) | Step::Exit(_) => self.close(),
                Step::Branch(arms) => {
                    // A branch without any event, `a || default`, parts nothing.
                    if arms.iter().all(|arm| arm.steps.iter().all(|step| matches!(step, Step::Assign(_) | Step::Call { pure: true, .. }))) {
                        continue;
                    }
                    self.close();
                    for arm in arms {
                        self.walk(&arm.steps);
                        self.close();
                    }
                }
                Step::Loop { body, .. } => self.apart(body),
                Step::Queue { body, .. } => self.apart(body),
                Step::Try { body, rescues, cleanup } => {
                    self.apart(body);
                    rescues.iter().for_each(|rescue| self.apart(rescue));
                    self.apart(cleanup);
                }
                Step::Together(members) => members.iter().for_each(|member| self.apart(member)),
            }
        }
    }

    fn apart(&mut self, steps: &[Step]) {
        self.close();
        self.walk(steps);
        self.close();
    }

    fn take(&mut self, id: OperationId) {
        let operation = &self.found.operations[id.0 as usize];
        let ordinary = operation.facts.word(fact::TRIP) == Some("alone")
            && operation.facts.word(fact::LAYER) == Some("call")
            && operation.facts.get(fact::WAITED) == Some(&Value::Bool(true))
            && operation.facts.word(fact::METHOD_VERDICT) != Some("missing")
            && !SETTING_UP.contains(&operation.command.as_str())
            && !["block", "scan", "subscribe", "transaction", "connect", "close", "watch", "admin", "select"]
                .iter()
                .any(|deed| operation.facts.has(fact::DOES_, deed));
        if !ordinary {
            self.close();
            return;
        }
        let needs = operation.slots.iter().flat_map(|slot| &slot.derives).any(|derivation| self.row.contains(&derivation.operation));
        let other_client = self.row.last().is_some_and(|last| {
            !same_client(
                operation,
                &self.found.operations[last.0 as usize],
                &self.reached[id.0 as usize].0,
                &self.reached[last.0 as usize].0,
            )
        });
        // What is spread into the arguments may be what the command before answered: `redis.del(*redis.keys(pattern))`.
        if needs || other_client || operation.arguments_hidden && operation.keys.is_empty() {
            self.close();
        }
        self.row.push(id);
    }
}

fn same_client(a: &Operation, b: &Operation, places_a: &[crate::resolve::value::Place], places_b: &[crate::resolve::value::Place]) -> bool {
    let same_receiver = a.receiver.as_ref().map(|identity| &identity.canonical) == b.receiver.as_ref().map(|identity| &identity.canonical);
    a.library == b.library && (same_receiver || !places_a.is_empty() && places_a.len() == 1 && places_a == places_b)
}

/// Whether nothing in the function looks at the reply; what is last in it may be answered with.
fn is_unused(operation: &Operation) -> bool {
    matches!(operation.facts.get(fact::REPLY_USE), Some(Value::Words(uses)) if uses.iter().all(|used| matches!(*used, "ignored" | "returned")))
}

fn run(cx: Cx<'_>, unit: &Unit, found: &Found, members: Vec<OperationId>, tree: TreeId) -> Run {
    let operations: Vec<&Operation> = members.iter().map(|id| &found.operations[id.0 as usize]).collect();
    let first = operations[0];
    let one_command = operations.iter().all(|operation| operation.command == first.command);
    let identity =
        |operation: &Operation| operation.keys.first().and_then(|key| key.identity.as_ref()).map(|identity| identity.canonical.clone());
    let one_key = identity(first).is_some() && operations.iter().all(|operation| identity(operation) == identity(first));
    let mut facts = Facts::default();
    facts.set_number(fact::LENGTH, members.len() as f64);
    facts.set_bool(fact::ONE_COMMAND, one_command);
    facts.set_bool(fact::ONE_KEY, one_key);
    facts.set_bool(fact::CONCURRENT, false);
    // MSET and its kin know no TTL and no condition.
    let plain = operations.iter().all(|operation| {
        operation.facts.get(fact::TTL_UNIT).is_none() && !["NX", "XX"].iter().any(|word| operation.facts.has(fact::CONDITION, word))
    });
    let clustered = operations.iter().any(|operation| operation.facts.get(fact::CLUSTERED) == Some(&Value::Bool(true)));
    let batch = cx
        .commands
        .get(&first.command)
        .filter(|_| one_command)
        .map(|command| command.batch(if one_key { Varies::Field } else { Varies::Key }))
        // One command for many members answers with one number.
        .filter(|batch| *batch != Batch::Variadic || operations.iter().all(|operation| is_unused(operation)));
    let alike = Alike { command: &first.command, plain, scattered: clustered && !one_key };
    facts.set_word(fact::BATCH, batches::text(unit, batch, &alike));
    let union = |id| {
        let mut words: Vec<&'static str> = Vec::new();
        for operation in &operations {
            if let Some(Value::Words(more)) = operation.facts.get(id) {
                words.extend(more);
            }
        }
        words
    };
    facts.set_words(fact::DOES_, union(fact::DOES_));
    facts.set_words(fact::RUNS_IN_, union(fact::RUNS_IN_));
    let lowest = operations.iter().filter_map(|operation| Evidence::of_word(operation.facts.word(fact::EVIDENCE_)?)).min();
    facts.set_word(fact::EVIDENCE_, lowest.unwrap_or(Evidence::Named).word());
    if let Some(cost) = first.facts.word(fact::TRIP_COST) {
        facts.set_word(fact::TRIP_COST, cost);
    }
    Run { members, tree, facts }
}
