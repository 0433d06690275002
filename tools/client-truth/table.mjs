// Reads clients/*.toml and answers which rows hold for a version, as src/client does.

import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';

const folder = new URL('../../clients/', import.meta.url);

export const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

const read = (name) => parse(readFileSync(new URL(`${name}.toml`, folder), 'utf8'));

/** The rows of an array that hold for a version, with those of the table this one is like. */
export function rows(name, array, version) {
  const table = read(name);
  const own = list(table[array]).filter((row) => holds(row.versions, version));
  if (!table.like) return own;
  const [parent, at] = table.like.split('@');
  const about = (row) => JSON.stringify([row.command, row.shape, row.kind, row.commands]);
  const said = new Set(own.map(about));
  return [...own, ...rows(parent, array, at ? `${at}.0` : version).filter((row) => !said.has(about(row)))];
}

/** Whether a range of a table (`3`, `>=4.3`, `<=4`, `4..5`, joined by commas) holds a version `4.3.1`. */
export function holds(range, version) {
  if (range === undefined) return true;
  const [major, minor] = version.split('.').map(Number);
  const at = major * 1000 + minor;
  return range.split(',').every((part) => {
    const [from, until] = bounds(part.trim());
    return from <= at && at < until;
  });
}

function bounds(text) {
  if (text.includes('..')) {
    const [from, to] = text.split('..');
    return [bounds(from)[0], bounds(to)[1]];
  }
  const [, sign, major, minor] = /^(>=|<=|>|<)?(\d+)(?:\.(\d+))?$/.exec(text);
  const from = major * 1000 + Number(minor ?? 0);
  const after = minor === undefined ? (Number(major) + 1) * 1000 : from + 1;
  return { '>=': [from, Infinity], '<=': [0, after], '>': [after, Infinity], '<': [0, from] }[sign] ?? [from, after];
}
