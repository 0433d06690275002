// Runs the rows of [[form]], [[value]] and [[reply]] against the installed clients and a redis-server.

import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as checks from './checks.mjs';
import { inspector, open } from './clients.mjs';
import { list, rows } from './table.mjs';

const counts = new Map();
const wrong = [];
const skipped = new Map();

function note(client, what, outcome) {
  const name = `${client.library} ${client.version}`;
  const count = counts.get(name) ?? { checked: 0, wrong: 0, skipped: 0 };
  counts.set(name, count);
  if (outcome === undefined) {
    count.skipped += 1;
    skipped.set(what, [...(skipped.get(what) ?? []), name]);
  } else {
    count.checked += 1;
    if (outcome !== true) {
      count.wrong += 1;
      wrong.push(`${name}: ${what}: ${outcome}`);
    }
  }
}

/** An experiment that never ends is a finding, too. */
const bounded = (promise) => Promise.race([promise, sleep(3000, 'did not answer within 3 s', { ref: false })]);

async function checkClient(client, look) {
  for (const row of rows(client.library, 'form', client.version)) {
    for (const command of list(row.command)) {
      for (const shape of list(row.shape)) {
        note(client, `form ${command} ${shape} ${row.verdict}`, await bounded(checks.form(client, look, command, shape, row)));
      }
    }
  }
  const values = rows(client.library, 'value', client.version);
  const special = new Set(values.flatMap((row) => list(row.commands).flatMap((command) => list(row.kind).map((kind) => `${kind} ${command}`))));
  for (const row of values) {
    for (const kind of list(row.kind)) {
      for (const command of list(row.commands ?? ['SET']).filter((command) => row.commands || !special.has(`${kind} ${command}`))) {
        note(client, `value ${kind} ${command} ${row.verdict}`, await bounded(checks.value(client, look, kind, command, row)));
      }
    }
  }
  for (const row of rows(client.library, 'reply', client.version)) {
    for (const command of list(row.commands)) {
      note(client, `reply ${command} ${row.reply}`, await bounded(checks.reply(client, look, command, row)));
    }
  }
}

/** The method names of a table that lists them: each is there, or an exception says that this version lacks it. */
function checkNames(client) {
  if (!client.has) return;
  const exceptions = rows(client.library, 'method', client.version);
  const lacking = new Set(exceptions.filter((row) => ['missing', 'removed'].includes(row.verdict)).flatMap((row) => list(row.name)));
  const extra = exceptions.filter((row) => !row.verdict && !row.iterates).flatMap((row) => list(row.name));
  const named = rows(client.library, 'spelling', client.version).flatMap((row) => list(row.names));
  const untrue = named.filter((name) => client.has(name) === lacking.has(name));
  note(client, `${named.length} method names`, untrue.length === 0 ? true : `not as the table says: ${untrue.join(', ')}`);
  // What newer versions add to a command is not told apart by version; each must be there in one.
  for (const name of extra.filter((name) => client.has(name))) seen.add(name);
  for (const name of extra) variants.add(name);
}

const variants = new Set();
const seen = new Set();

function checkRuby(port) {
  const installed = spawnSync('ruby', ['-rredis', '-e', 'print Redis::VERSION'], { encoding: 'utf8' }).stdout || '4.8.0';
  const plan = Object.fromEntries(['form', 'value', 'reply'].map((array) => [array, rows('redis-rb', array, installed)]));
  const run = spawnSync('ruby', [new URL('run.rb', import.meta.url).pathname, String(port)], { input: JSON.stringify(plan), encoding: 'utf8' });
  if (run.status !== 0) {
    console.log(`ruby did not run, its rows are not checked: ${run.error?.message ?? run.stderr}`);
    process.exitCode = 1;
    return;
  }
  const { version, outcomes } = JSON.parse(run.stdout);
  for (const [what, outcome] of outcomes) note({ library: 'redis-rb', version }, what, outcome ?? undefined);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

const port = await freePort();
const server = spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], { stdio: 'ignore' });
server.on('error', () => {
  console.log('redis-server must be installed: apt-get install redis-server');
  process.exit(2);
});
const look = inspector(port);
look.on('error', () => {});
await once(look, 'ready');
process.on('unhandledRejection', () => {});

const clients = await open(port);
for (const client of clients) {
  await checkClient(client, look);
  checkNames(client);
}
for (const name of variants) if (!seen.has(name)) wrong.push(`node-redis: no version has the method ${name}`);
for (const client of clients) client.end();
checkRuby(port);
look.disconnect();
server.kill();

for (const [what, names] of skipped) console.log(`no experiment: ${what} (${names.join(', ')})`);
for (const line of wrong) console.log(`WRONG ${line}`);
for (const [name, count] of counts) console.log(`${name}: ${count.checked} checked, ${count.wrong} wrong, ${count.skipped} skipped`);
process.exit(wrong.length > 0 ? 1 : (process.exitCode ?? 0));
