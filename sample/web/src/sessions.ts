import { redis } from '@/redis.js';

const SESSION_SECONDS = 3600;

const sessionKey = (id: string) => `shop:session:${id}`;

export interface Session {
  userId: string;
  seen: number;
}

export async function saveSession(id: string, session: Session): Promise<void> {
  await redis.set(sessionKey(id), JSON.stringify(session));
  await redis.expire(sessionKey(id), SESSION_SECONDS);
}

export async function loadSession(id: string): Promise<Session> {
  const text = await redis.get(sessionKey(id));
  return JSON.parse(text!);
}

export async function dropSessions(ids: string[]): Promise<void> {
  for (const id of ids) {
    await redis.del(sessionKey(id));
  }
}

export async function countSessions(): Promise<number> {
  const keys = await redis.keys('shop:session:*');
  return keys.length;
}
