//! `redis-lint operations`.

use super::arguments::{Format, OperationsArguments};
use super::{Cli, Engine, Error, Input, Outcome, Terminal};
use crate::operation::{Facts, Link, Operation, Unresolved, Value, fact};
use crate::output::{
    OperationRow, StepRow, Ttl, UnresolvedRow, write_operations_human, write_operations_json, write_operations_json_lines,
    write_unresolved_human, write_unresolved_json, write_unresolved_json_lines,
};
use crate::pipeline::Ask;
use crate::source::SourceFile;

/// Lists the operations in the files asked for.
///
/// # Errors
/// When the tool cannot do its work.
pub fn operations(arguments: &OperationsArguments, cli: &Cli, engine: &dyn Engine, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let known = &[Format::Human, Format::Json, Format::JsonLines];
    if !known.contains(&cli.format) {
        return Err(cli.format.unknown_to("operations", known));
    }
    let mut files = arguments.files.clone();
    files.paths.extend(arguments.explain.iter().map(|asked| asked.path.clone()));
    let input = Input::read(&files, cli, terminal)?;
    let asked = arguments.explain.as_ref().and_then(|asked| Some((input.requested()?, asked.line)));
    let ask = match asked {
        Some((file, line)) => Ask::Explain(file, line),
        None if arguments.unresolved => Ask::Unresolved,
        None => Ask::Nothing,
    };
    let (analysis, skipped) = engine.analyze(&input, ask)?;
    let skipped = input.skipped(skipped);
    if arguments.unresolved {
        let listed = analysis.unresolved.iter().filter(|call| input.is_requested(call.site.file));
        let rows: Vec<UnresolvedRow> = listed.filter_map(|call| unresolved_row(input.files(), call)).collect();
        terminal.write(|out| match cli.format {
            Format::Json => write_unresolved_json(out, &rows, &skipped),
            Format::JsonLines => write_unresolved_json_lines(out, &rows, &skipped),
            _ => write_unresolved_human(out, &rows, &skipped, cli.quiet),
        })?;
        return Ok(Outcome::Clean);
    }
    let on_line = |operation: &Operation| {
        let position = |file: &SourceFile| file.position(operation.site.name.start).line;
        asked.is_none_or(|(_, line)| input.files().get(operation.site.file.0 as usize).map(position) == Some(line))
    };
    let listed = |operation: &&Operation| {
        let layer = operation.facts.word(fact::LAYER).unwrap_or("call");
        input.is_requested(operation.site.file) && arguments.layer.iter().any(|asked| asked.word() == layer) && on_line(operation)
    };
    let rows: Vec<OperationRow> =
        analysis.operations.iter().filter(listed).filter_map(|operation| row(input.files(), operation, asked.is_some())).collect();
    terminal.write(|out| match cli.format {
        Format::Json => write_operations_json(out, &rows, &skipped),
        Format::JsonLines => write_operations_json_lines(out, &rows, &skipped),
        _ => write_operations_human(out, &rows, &skipped, cli.quiet),
    })?;
    Ok(Outcome::Clean)
}

/// The line of the list for an operation.
fn row(files: &[SourceFile], operation: &Operation, explained: bool) -> Option<OperationRow> {
    let site = &operation.site;
    let file = files.get(site.file.0 as usize)?;
    let (start, end) = (file.position(site.name.start), file.position(site.call.end.max(site.name.end)));
    let facts = &operation.facts;
    let word = |fact| facts.word(fact).map(str::to_owned);
    let runs_in = match facts.get(fact::RUNS_IN_) {
        Some(Value::Words(words)) => words.iter().map(|word| (*word).to_owned()).collect(),
        _ => Vec::new(),
    };
    Some(OperationRow {
        path: file.path.to_string(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        command: operation.command.to_string(),
        method: operation.method.to_string(),
        library: operation.library.to_string(),
        major: operation.major,
        role: word(fact::ROLE),
        evidence: word(fact::EVIDENCE_).unwrap_or_else(|| "named".to_owned()),
        layer: word(fact::LAYER).unwrap_or_else(|| "call".to_owned()),
        key: operation.key_text(),
        key_prefix: operation.key_prefix.as_ref().map(ToString::to_string),
        ttl: ttl(facts),
        in_loop: word(fact::LOOP).unwrap_or_else(|| "none".to_owned()),
        runs_in,
        function: operation.function.as_ref().map(ToString::to_string),
        steps: if explained { operation.origin.iter().filter_map(|link| step(files, link)).collect() } else { Vec::new() },
    })
}

fn step(files: &[SourceFile], link: &Link) -> Option<StepRow> {
    let file = files.get(link.file.0 as usize)?;
    let at = file.position(link.span.start);
    Some(StepRow { path: file.path.to_string(), line: at.line, column: at.column, message: link.text.clone() })
}

fn unresolved_row(files: &[SourceFile], call: &Unresolved) -> Option<UnresolvedRow> {
    let file = files.get(call.site.file.0 as usize)?;
    let at = file.position(call.site.name.start);
    Some(UnresolvedRow {
        path: file.path.to_string(),
        line: at.line,
        column: at.column,
        command: call.command.to_string(),
        method: call.method.to_string(),
        why: step(files, &call.why)?,
    })
}

/// The time to live that an operation sets; `None` when it sets none that it could, or when it is unknown.
fn ttl(facts: &Facts) -> Option<Ttl> {
    match facts.word(fact::TTL)? {
        "none" | "clears" => Some(Ttl::None),
        "dynamic" => Some(Ttl::Dynamic),
        "fixed" => Some(match facts.get(fact::TTL_SECONDS) {
            Some(Value::Number(seconds)) => Ttl::Seconds(*seconds),
            _ => Ttl::Dynamic,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_to_live_is_none_a_number_dynamic_or_unknown() {
        for (word, seconds, expected) in [
            (Some("none"), None, Some(Ttl::None)),
            (Some("clears"), None, Some(Ttl::None)),
            (Some("fixed"), Some(60.0), Some(Ttl::Seconds(60.0))),
            (Some("fixed"), None, Some(Ttl::Dynamic)),
            (Some("dynamic"), None, Some(Ttl::Dynamic)),
            (Some("keeps"), None, None),
            (None, None, None),
        ] {
            let mut facts = Facts::default();
            if let Some(word) = word {
                facts.set_word(fact::TTL, word);
            }
            if let Some(seconds) = seconds {
                facts.set(fact::TTL_SECONDS, Value::Number(seconds));
            }
            assert_eq!(ttl(&facts), expected, "{word:?}");
        }
    }
}
