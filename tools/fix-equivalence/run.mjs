// For each fix that is marked safe: runs code before and after it with the real client and a real server, and compares replies, keys,
// values and TTLs. `node run.mjs REDIS_LINT`, after `npm install` in ../client-truth.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, '../client-truth/node_modules');
const linter = resolve(process.argv[2] ?? join(here, '../../target/debug/redis-lint'));
const faults = [];
let compared = 0;

/** What the first lines of a case say: `// name: words`. */
const said = (text, name) => text.match(new RegExp(`^(?://|#) ${name}: (.*)$`, 'm'))?.[1].split(' ');

/** The functions of a case that are meant to differ, and in what. */
const differing = (text) => new Map([...text.matchAll(/^\/\/ differs: (\w+)\nexport async function (\w+)/gm)].map(([, how, name]) => [name, how]));

/** A folder with the case in it, ready to be linted and run. */
function project(folder, file, installed, alias, version) {
  const path = join(folder, 'project');
  rmSync(path, { recursive: true, force: true });
  mkdirSync(join(path, 'node_modules'), { recursive: true });
  cpSync(join(here, 'cases', file), join(path, file));
  if (file.endsWith('.rb')) {
    writeFileSync(join(path, 'Gemfile'), `gem "${alias}", "${version}"\n`);
  } else {
    writeFileSync(join(path, 'package.json'), JSON.stringify({ type: 'module', dependencies: { [alias]: version } }));
    symlinkSync(join(modules, installed), join(path, 'node_modules', alias));
  }
  return path;
}

/** What every function of the case answers and leaves behind. */
function run(path, file, port) {
  const ruby = file.endsWith('.rb');
  const [program, script] = ruby ? ['ruby', 'run-case.rb'] : ['node', 'run-case.mjs'];
  const env = { ...process.env, PORT: String(port), MODULES: modules };
  const done = spawnSync(program, [join(here, script), join(path, file)], { encoding: 'utf8', env, timeout: 60_000 });
  if (done.status !== 0) throw new Error(`${file} does not run: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

/** Whether two states are the same; a TTL may have gone on by two seconds. */
function difference(before, after, ttls = true) {
  const keys = Object.keys(before);
  if (keys.sort().join() !== Object.keys(after).sort().join()) return `keys ${keys} and ${Object.keys(after)}`;
  for (const key of keys) {
    const [one, other] = [before[key], after[key]];
    if (one.type !== other.type || JSON.stringify(one.value) !== JSON.stringify(other.value)) {
      return `${key}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
    }
    if (ttls && Math.abs(one.pttl - other.pttl) > 2000) return `${key}: TTL ${one.pttl} ms and ${other.pttl} ms`;
  }
  return undefined;
}

function compare(name, before, after, how) {
  const replies = JSON.stringify([before.reply, before.error]) === JSON.stringify([after.reply, after.error]);
  const has = Object.values(after.state).every((key) => key.pttl > 0) && Object.keys(after.state).length > 0;
  compared += 1;
  if (how === 'error') {
    // The call failed: what it was to write is there now, with its TTL.
    if (!before.error || after.error || !has) faults.push(`${name}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
    return;
  }
  const differs = difference(before.state, after.state, how !== 'ttl');
  if (!replies) faults.push(`${name}: answers ${JSON.stringify(before.reply ?? before.error)}, then ${JSON.stringify(after.reply ?? after.error)}`);
  else if (differs) faults.push(`${name}: ${differs}`);
  else if (how === 'ttl' && !(has && Object.values(before.state).every((key) => key.pttl === -1))) {
    faults.push(`${name}: the TTL was to come with the fix: ${JSON.stringify(before.state)} became ${JSON.stringify(after.state)}`);
  }
}

function check(folder, file, installed, alias, version, port) {
  const text = readFileSync(join(here, 'cases', file), 'utf8');
  const path = project(folder, file, installed, alias, version);
  const before = run(path, file, port);
  const lint = spawnSync(linter, ['check', '--fix', '--fail-on', 'never'], { cwd: path, encoding: 'utf8' });
  const made = Number(lint.stderr.match(/: (\d+) fix(?:es)?\b/)?.[1] ?? -1);
  if (lint.status !== 0 || String(made) !== said(text, 'fixes')[0]) {
    faults.push(`${installed}: ${made} fixes instead of ${said(text, 'fixes')}: ${lint.stderr}`);
  }
  const after = run(path, file, port);
  for (const name of Object.keys(before)) compare(`${installed} ${version} ${name}`, before[name], after[name], differing(text).get(name));
}

const listener = createServer().listen(0);
await once(listener, 'listening');
const { port } = listener.address();
listener.close();
await once(listener, 'close');
const folder = mkdtempSync(join(tmpdir(), 'fix-equivalence-'));
const server = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder], { stdio: 'ignore' });
try {
  for (let tries = 0; spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout?.trim() !== 'PONG'; tries += 1) {
    if (tries > 100) throw new Error('redis-server does not answer');
    await sleep(50);
  }
  for (const file of readdirSync(join(here, 'cases')).sort()) {
    const text = readFileSync(join(here, 'cases', file), 'utf8');
    if (file.endsWith('.rb')) {
      const gem = said(text, 'gem')[0];
      const version = spawnSync('ruby', ['-e', `puts Gem.loaded_specs.fetch("${gem}") { Gem::Specification.find_by_name("${gem}") }.version`], { encoding: 'utf8' });
      check(folder, file, gem, gem, version.stdout.trim(), port);
    } else {
      for (const installed of said(text, 'clients')) {
        const { version } = JSON.parse(readFileSync(join(modules, installed, 'package.json'), 'utf8'));
        check(folder, file, installed, said(text, 'as')[0], version, port);
      }
    }
  }
} finally {
  server.kill();
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(`${compared} functions compared, ${faults.length} faults`);
process.exitCode = faults.length > 0 || compared === 0 ? 1 : 0;
