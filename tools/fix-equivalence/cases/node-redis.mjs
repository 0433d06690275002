// clients: redis4 redis5 redis6
// as: redis
// fixes: 9
import { createClient } from 'redis';

const SECONDS = 60;
const client = createClient({ socket: { port: Number(process.env.PORT) } });
client.on('error', console.error);
await client.connect();

export async function plain() {
  await client.set('k', 'v');
  await client.expire('k', 60);
}

export async function upperCase() {
  await client.SET('k', 'v');
  await client.EXPIRE('k', SECONDS);
}

export async function computedKey(id = 7) {
  const key = `session:${id}:{tag}`;
  await client.set(key, JSON.stringify({ id }));
  await client.expire(key, SECONDS * 2);
  return key;
}

export async function milliseconds() {
  await client.set('k', 'v');
  await client.pExpire('k', 61_000);
}

export async function overATtl() {
  await client.set('k', 'old', { EX: 5 });
  await client.set('k', 'new');
  await client.expire('k', 60);
}

export async function overAnotherType() {
  await client.lPush('k', 'x');
  await client.set('k', 'v');
  await client.expire('k', 60);
}

export async function inABranch(wanted = true) {
  if (wanted) {
    await client.set('k', 'v');
    await client.expire('k', 60);
  }
  return client.get('k');
}

// differs: ttl
export async function tokens() {
  await client.set('k', 'v', 'EX', 60);
}

// differs: ttl
export async function lowerCaseOption() {
  await client.set('k', 'v', { ex: 60 });
}
