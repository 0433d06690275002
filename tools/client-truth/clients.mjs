// The installed clients behind one face: `call` sends a command and resolves with what the client gives.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const version = (name) => require(`${name}/package.json`).version;

async function nodeRedis3(port) {
  const client = require('redis3').createClient(port);
  client.on('error', () => {});
  const call = (command, args) =>
    new Promise((resolve, reject) => client[command.toLowerCase()](...args, (error, reply) => (error ? reject(error) : resolve(reply))));
  return { library: 'node-redis', version: version('redis3'), call, returned: async (command, args) => client[command.toLowerCase()](...args), end: () => client.end(true) };
}

async function nodeRedis(name, port) {
  const client = require(name).createClient({ socket: { port }, url: undefined });
  client.on('error', () => {});
  await client.connect();
  const call = async (command, args) => client[command.replaceAll(' ', '_')](...args);
  const scan = async (options) => {
    const found = [];
    for await (const item of client.scanIterator(options)) found.push(...[item].flat());
    return found;
  };
  const has = (method) => typeof method.split('.').reduce((of, part) => of?.[part], client) === 'function';
  return { library: 'node-redis', version: version(name), call, returned: call, scan, has, end: () => (client.destroy ?? client.disconnect).call(client) };
}

async function ioredis(name, library, port) {
  const exported = require(name);
  const client = new (exported.default ?? exported)(port, { maxRetriesPerRequest: 1 });
  client.on('error', () => {});
  const call = async (command, args) => {
    const [first, ...rest] = command.toLowerCase().split(' ');
    return client[first](...rest, ...args);
  };
  const scan = async (options) => {
    const found = [];
    for await (const page of client.scanStream(options)) found.push(...page);
    return found;
  };
  return { library, version: version(name), call, returned: call, scan, end: () => client.disconnect() };
}

/** Every client, connected. */
export const open = (port) =>
  Promise.all([
    nodeRedis3(port),
    nodeRedis('redis4', port),
    nodeRedis('redis5', port),
    nodeRedis('redis6', port),
    ioredis('ioredis4', 'ioredis', port),
    ioredis('ioredis5', 'ioredis', port),
    ioredis('ioredis6', 'ioredis', port),
    ioredis('iovalkey', 'iovalkey', port),
  ]);

/** A connection of its own to look at the server with. */
export function inspector(port) {
  const Redis = require('ioredis5').default;
  return new Redis(port);
}
