// clients: ioredis4 ioredis5 ioredis6
// as: ioredis
// fixes: 11
import Redis from 'ioredis';

const SECONDS = 60;
const redis = new Redis(Number(process.env.PORT));
const prefixed = new Redis(Number(process.env.PORT), { keyPrefix: 'p:' });
redis.on('error', console.error);
prefixed.on('error', console.error);

export async function plain() {
  await redis.set('k', 'v');
  await redis.expire('k', 60);
}

export async function computedKey(id = 7) {
  const key = `session:${id}:{tag}`;
  await redis.set(key, JSON.stringify({ id }));
  await redis.expire(key, SECONDS * 2);
  return key;
}

export async function milliseconds() {
  await redis.set('k', 'v');
  await redis.pexpire('k', 61_000);
}

export async function overATtl() {
  await redis.set('k', 'old', 'EX', 5);
  await redis.set('k', 'new');
  await redis.expire('k', 60);
}

export async function overAnotherType() {
  await redis.lpush('k', 'x');
  await redis.set('k', 'v');
  await redis.expire('k', 60);
}

export async function numberAndEmptyText() {
  await redis.set('n', 5);
  await redis.expire('n', 60);
  await redis.set('e', '');
  await redis.expire('e', 61);
}

export async function withAPrefix() {
  await prefixed.set('k', 'v');
  await prefixed.expire('k', 60);
}

export async function inABranch(wanted = true) {
  if (wanted) {
    await redis.set('k', 'v');
    await redis.expire('k', 60);
  }
  return redis.get('k');
}

export async function amongOthers() {
  await redis.set('k', 'v');
  await redis.expire('k', 60);
  return redis.ttl('k');
}

// differs: error
export async function optionsObject() {
  await redis.set('k', 'v', { EX: 60 });
}
