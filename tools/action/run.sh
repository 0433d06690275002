#!/usr/bin/env bash
# The check of the GitHub Action: options come as variables, so that nothing in them is taken for a command.
# Exits as redis-lint does. `tests/action.rs` runs it.
set -euo pipefail

arguments=(check --format github)
[[ -z ${INPUT_FAIL_ON:-} ]] || arguments+=(--fail-on "$INPUT_FAIL_ON")
[[ -z ${INPUT_BASELINE:-} ]] || arguments+=(--baseline "$INPUT_BASELINE")
[[ -z ${INPUT_SINCE:-} ]] || arguments+=(--since "$INPUT_SINCE")
[[ -z ${INPUT_SARIF:-} ]] || arguments+=(--output "sarif=$INPUT_SARIF")
summary=$(mktemp)
trap 'rm -f "$summary"' EXIT
arguments+=(--output "markdown=$summary")
read -r -a more <<<"${INPUT_ARGS:-}"
read -r -a paths <<<"${INPUT_PATHS:-}"
arguments+=(${more[@]+"${more[@]}"} -- ${paths[@]+"${paths[@]}"})

code=0
redis-lint "${arguments[@]}" || code=$?
[[ -z ${GITHUB_STEP_SUMMARY:-} ]] || cat "$summary" >>"$GITHUB_STEP_SUMMARY"
[[ -z ${GITHUB_OUTPUT:-} ]] || echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
