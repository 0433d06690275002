// Runs every function that a case exports, each on an empty server, and writes what it answers and leaves behind as JSON.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const Redis = createRequire(`${process.env.MODULES}/`)('ioredis5').default;
const look = new Redis(Number(process.env.PORT));

const reads = { string: (key) => look.get(key), list: (key) => look.lrange(key, 0, -1), hash: (key) => look.hgetall(key), none: () => null };

async function state() {
  const found = {};
  for (const key of (await look.keys('*')).sort()) {
    const type = await look.type(key);
    found[key] = { type, value: await reads[type](key), pttl: await look.pttl(key) };
  }
  return found;
}

const results = {};
const functions = await import(pathToFileURL(process.argv[2]));
for (const [name, call] of Object.entries(functions)) {
  await look.flushall();
  try {
    results[name] = { reply: (await call()) ?? null };
  } catch (error) {
    results[name] = { error: error.message };
  }
  results[name].state = await state();
}
console.log(JSON.stringify(results));
process.exit();
