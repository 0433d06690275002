import express from 'express';
import Redis from 'ioredis';

import { loadSession, saveSession } from '@/sessions.js';

const app = express();

app.get('/products/:id', async (request, response) => {
  const client = new Redis(process.env.REDIS_URL ?? 'redis://localhost:6379');
  const product = await client.hgetall(`shop:product:${request.params.id}`);
  if (!product) {
    response.status(404).end();
    return;
  }
  response.json(product);
});

app.post('/session/:id', async (request, response) => {
  const session = await loadSession(request.params.id);
  await saveSession(request.params.id, { ...session, seen: Date.now() });
  response.end();
});

app.listen(3000);
