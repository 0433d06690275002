// One experiment per row: what the client does is compared with what the row says. Each check answers
// `true`, a text that says what was seen instead, or `undefined` when there is no experiment for the row.

const MEMBER = { value: 'm', score: 1 };

/** Runs `act`; the error when it raises. */
async function attempt(act) {
  try {
    return { reply: await act() };
  } catch (error) {
    return { error };
  }
}

const said = ({ error, reply }) => (error ? `raised ${error.message}` : `answered ${JSON.stringify(reply)}`);

const isObjectForm = (shape) => shape === 'options' || shape === 'hash';

/** Arguments for one option, as the shape writes it. */
function option(shape, name, value) {
  if (isObjectForm(shape)) return [{ [name]: value ?? true }];
  return value === undefined ? [name] : [name, value];
}

// What an accepted name must do to `SET k new`, with `old` there before.
const SET_EFFECTS = {
  'ttl:s': { value: 60, ttl: 60 },
  'ttl:ms': { value: 60000, ttl: 60 },
  'ttl:s-at': { value: () => Math.floor(Date.now() / 1000) + 60, ttl: 60 },
  'ttl:ms-at': { value: () => Date.now() + 60000, ttl: 60 },
  'ttl:keep': { ttl: 500 },
  'condition:NX': { kept: true },
  'condition:XX': { ttl: -1 },
  get: { ttl: -1, reply: 'old' },
};

async function setForm(client, look, shape, row) {
  const set = async (extra) => {
    await look.flushall();
    await look.set('k', 'old', 'EX', 500);
    return attempt(() => client.call('SET', ['k', 'new', ...extra]));
  };
  const ttl = () => look.ttl('k');
  if (row.verdict !== 'accepted') {
    const written = { number: [60], tokens: ['EX', 60], nil: [{ EX: undefined }] };
    const tried = await set(written[shape] ?? [{ EX: 60 }]);
    if (row.verdict === 'rejected') return tried.error ? true : said(tried);
    if (row.verdict === 'ignored') return !tried.error && (await ttl()) === -1 ? true : `${said(tried)}, TTL ${await ttl()}`;
    return undefined;
  }
  for (const [name, meaning] of Object.entries(row.keys ?? {})) {
    const effect = SET_EFFECTS[meaning];
    if (effect) {
      const value = typeof effect.value === 'function' ? effect.value() : effect.value;
      const tried = await set(option(shape, name, value));
      const [now, stored] = [await ttl(), await look.get('k')];
      if (tried.error) return `${name}: ${said(tried)}`;
      if (effect.kept ? stored !== 'old' : stored !== 'new' || Math.abs(now - effect.ttl) > 2) return `${name}: stored ${stored}, TTL ${now}`;
      if (effect.reply && tried.reply !== effect.reply) return `${name}: ${said(tried)}`;
    } else if (name === 'expiration') {
      for (const [type, given, wanted] of [['EX', 60, 60], ['PX', 60000, 60], ['KEEPTTL', undefined, 500]]) {
        const tried = await set([{ expiration: given === undefined ? type : { type, value: given } }]);
        if (tried.error || Math.abs((await ttl()) - wanted) > 2) return `expiration ${type}: ${said(tried)}, TTL ${await ttl()}`;
      }
    } else if (name === 'condition') {
      const tried = await set([{ condition: 'NX' }]);
      if ((await look.get('k')) !== 'old') return `condition NX: ${said(tried)}`;
    }
  }
  if (row.others) {
    const tried = await set(option(shape, 'nonsense', 60));
    if (row.others === 'ignored' && (tried.error || (await ttl()) !== -1)) return `other name: ${said(tried)}, TTL ${await ttl()}`;
    if (row.others === 'rejected' && !tried.error) return `other name: ${said(tried)}`;
  }
  return true;
}

async function getexForm(client, look, shape, row) {
  for (const [name, meaning] of Object.entries(row.keys)) {
    const effect = meaning === 'ttl:clear' ? { ttl: -1 } : SET_EFFECTS[meaning];
    if (!effect) continue;
    await look.flushall();
    await look.set('k', 'v', 'EX', 500);
    const value = typeof effect.value === 'function' ? effect.value() : effect.value;
    const tried = await attempt(() => client.call('GETEX', ['k', ...option(shape, name, value)]));
    const now = await look.ttl('k');
    if (tried.error || Math.abs(now - effect.ttl) > 2) return `${name}: ${said(tried)}, TTL ${now}`;
  }
  return true;
}

async function expireForm(client, look, command, row) {
  const instant = command.endsWith('AT');
  const unit = command.startsWith('P') ? 1000 : 1;
  for (const name of Object.keys(row.keys)) {
    await look.flushall();
    await look.set('k', 'v');
    const when = (instant ? Math.floor(Date.now() / 1000) + 60 : 60) * unit;
    const tried = await attempt(() => client.call(command, ['k', when, name]));
    // Without a TTL before, only NX and LT set one: no TTL counts as infinite.
    const wanted = name === 'NX' || name === 'LT';
    const now = await look.ttl('k');
    if (tried.error || now > 0 !== wanted) return `${name}: ${said(tried)}, TTL ${now}`;
  }
  return true;
}

async function collectionScan(client, look, command, shape, row) {
  await look.flushall();
  if (command === 'HSCAN') await look.hset('k', 'a:1', '1', 'b:1', '1');
  if (command === 'SSCAN') await look.sadd('k', 'a:1', 'b:1');
  if (command === 'ZSCAN') await look.zadd('k', 1, 'a:1', 1, 'b:1');
  // ioredis takes the options in its streams only.
  if (shape === 'options' && client.library !== 'node-redis') return undefined;
  const start = client.library === 'node-redis' && client.version.startsWith('4') ? 0 : '0';
  const tried = await attempt(() => client.call(command, ['k', start, ...(shape === 'options' ? [{ MATCH: 'a:*' }] : ['MATCH', 'a:*'])]));
  const page = Array.isArray(tried.reply) ? tried.reply[1] : (tried.reply?.entries ?? tried.reply?.tuples ?? tried.reply?.members);
  const entries = Array.isArray(tried.reply) && command !== 'SSCAN' ? page?.length / 2 : page?.length;
  return entries === (row.verdict === 'accepted' ? 1 : 2) ? true : said(tried);
}

async function scanForm(client, look, command, shape, row) {
  if (command !== 'SCAN') return collectionScan(client, look, command, shape, row);
  await look.flushall();
  await look.mset('a:1', '1', 'b:1', '1', 'b:2', '1');
  if (shape === 'options') {
    if (!client.scan) return undefined;
    const name = Object.keys(row.keys).find((key) => row.keys[key] === 'match');
    const matched = await client.scan({ [name]: 'a:*' });
    if (matched.length !== 1) return `${name}: found ${matched}`;
    const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
    const all = await attempt(() => client.scan({ [other]: 'a:*' }));
    if (row.others === 'ignored') return all.reply?.length === 3 ? true : `${other}: ${said(all)}`;
    return true;
  }
  const start = client.library === 'node-redis' && client.version.startsWith('4') ? 0 : '0';
  const tried = await attempt(() => client.call('SCAN', [start, 'MATCH', 'a:*']));
  const found = Array.isArray(tried.reply) ? tried.reply[1] : tried.reply?.keys;
  if (row.verdict === 'accepted') return found?.length === 1 ? true : said(tried);
  if (row.verdict === 'ignored') return found?.length === 3 ? true : said(tried);
  return undefined;
}

async function zaddForm(client, look, shape, row) {
  const put = async (name) => {
    await look.flushall();
    await look.zadd('k', 5, 'm');
    return attempt(() => client.call('ZADD', shape === 'options' ? ['k', MEMBER, { [name]: true }] : ['k', name, 1, 'm']));
  };
  // The member is there with 5; 1 is offered.
  const scores = { 'condition:NX': '5', 'condition:XX': '1', 'condition:GT': '5', 'condition:LT': '1' };
  for (const [name, meaning] of Object.entries(row.keys)) {
    if (!scores[meaning]) continue;
    const tried = await put(name);
    const score = await look.zscore('k', 'm');
    if (tried.error || score !== scores[meaning]) return `${name}: ${said(tried)}, score ${score}`;
  }
  if (row.others === 'ignored') {
    const tried = await put('nonsense');
    if (tried.error || (await look.zscore('k', 'm')) !== '1') return `other name: ${said(tried)}`;
  }
  return true;
}

// Options of commands that read ranges: arguments as an object and as tokens, and what comes back.
const RANGES = {
  ZRANGE: [{ options: [0, -1, { REV: true }], tokens: [0, -1, 'REV'], first: 'c' }, { options: ['-inf', '+inf', { BY: 'SCORE', LIMIT: { offset: 0, count: 1 } }], tokens: ['-inf', '+inf', 'BYSCORE', 'LIMIT', 0, 1], length: 1 }],
  ZREVRANGE: [{ tokens: [0, -1, 'WITHSCORES'], length: 6 }],
  ZRANGEBYSCORE: [{ options: ['-inf', '+inf', { LIMIT: { offset: 0, count: 1 } }], tokens: ['-inf', '+inf', 'LIMIT', 0, 1], length: 1 }],
  ZREVRANGEBYSCORE: [{ tokens: ['+inf', '-inf', 'LIMIT', 0, 1], length: 1 }],
  ZRANGEBYLEX: [{ options: ['-', '+', { LIMIT: { offset: 0, count: 1 } }], tokens: ['-', '+', 'LIMIT', 0, 1], length: 1 }],
  ZREVRANGEBYLEX: [{ tokens: ['+', '-', 'LIMIT', 0, 1], length: 1 }],
  XRANGE: [{ options: ['-', '+', { COUNT: 1 }], tokens: ['-', '+', 'COUNT', 1], length: 1 }],
  XREVRANGE: [{ options: ['+', '-', { COUNT: 1 }], tokens: ['+', '-', 'COUNT', 1], length: 1 }],
};

async function rangeForm(client, look, command, shape) {
  for (const range of RANGES[command]) {
    if (!range[shape]) return undefined;
    await look.flushall();
    if (command.startsWith('Z')) await look.zadd('k', 1, 'a', 1, 'b', 1, 'c');
    else for (const id of ['1-1', '1-2', '1-3']) await look.xadd('k', id, 'f', 'v');
    const tried = await attempt(() => client.call(command, ['k', ...range[shape]]));
    if (range.length && tried.reply?.length !== range.length) return said(tried);
    if (range.first && tried.reply?.[0] !== range.first) return said(tried);
  }
  return true;
}

async function streamForm(client, look, command, shape) {
  await look.flushall();
  for (const id of ['1-1', '1-2', '1-3']) await look.xadd('k', id, 'f', 'v');
  const options = shape === 'options';
  if (command === 'XADD') {
    const tried = await attempt(() => client.call('XADD', options ? ['k', '*', { f: 'v' }, { TRIM: { strategy: 'MAXLEN', strategyModifier: '=', threshold: 2 } }] : ['k', 'MAXLEN', '=', 2, '*', 'f', 'v']));
    return (await look.xlen('k')) === 2 ? true : said(tried);
  }
  if (command !== 'XREAD') return undefined;
  const began = Date.now();
  const tried = await attempt(() => client.call('XREAD', options ? [{ key: 'k', id: '0' }, { COUNT: 1 }] : ['COUNT', 1, 'STREAMS', 'k', '0']));
  const stream = tried.reply?.k ?? tried.reply?.[0]?.messages ?? tried.reply?.[0]?.[1];
  if (stream?.length !== 1) return said(tried);
  const waited = await attempt(() => client.call('XREAD', options ? [{ key: 'k', id: '$' }, { BLOCK: 50 }] : ['BLOCK', 50, 'STREAMS', 'k', '$']));
  return !waited.error && waited.reply === null && Date.now() - began >= 40 ? true : said(waited);
}

async function evalForm(client, look, command) {
  if (command !== 'EVAL') return undefined;
  const tried = await attempt(() => client.call('EVAL', ['return {KEYS[1], ARGV[1]}', { keys: ['a'], arguments: ['b'] }]));
  return JSON.stringify(tried.reply) === '["a","b"]' ? true : said(tried);
}

async function timeoutForm(client, look, command, row) {
  await look.flushall();
  const began = Date.now();
  const tried = await attempt(() => client.call(command, ['k', 0.05]));
  return !tried.error && tried.reply === null && Date.now() - began >= 40 ? true : said(tried);
}

/** Compares a `[[form]]` row. */
export function form(client, look, command, shape, row) {
  if (command === 'SET') return setForm(client, look, shape, row);
  if (command === 'GETEX') return getexForm(client, look, shape, row);
  if (command.includes('EXPIRE') && shape === 'tokens') return expireForm(client, look, command, row);
  if (command.endsWith('SCAN')) return scanForm(client, look, command, shape, row);
  if (command === 'ZADD') return zaddForm(client, look, shape, row);
  if (command in RANGES) return rangeForm(client, look, command, shape);
  if (command.startsWith('X')) return streamForm(client, look, command, shape);
  if (command.startsWith('EVAL')) return evalForm(client, look, command);
  if (shape === 'number' && command.startsWith('B')) return timeoutForm(client, look, command, row);
  return undefined;
}

const VALUES = { object: { f: 'v' }, array: ['v', 'EX', '60'], boolean: true, nil: undefined, nilable: undefined, time: new Date(0), number: 5 };

// Commands that take an object or array in another way than SET: arguments around it, and how to see that it was taken apart.
const TAKES = {
  HSET: { arguments: (value) => ['k', value], seen: async (look) => (await look.hget('k', 'f')) === 'v' },
  HMSET: { arguments: (value) => ['k', value], seen: async (look) => (await look.hget('k', 'f')) === 'v' },
  MSET: { arguments: (value) => [value], seen: async (look) => (await look.get('f')) === 'v' },
  MSETNX: { arguments: (value) => [value], seen: async (look) => (await look.get('f')) === 'v' },
  XADD: { arguments: (value) => ['k', '*', value], seen: async (look) => (await look.xlen('k')) === 1 },
  DEL: { before: (look) => look.set('v', '1'), arguments: (value) => [value], seen: async (look) => !(await look.exists('v')) },
  UNLINK: { before: (look) => look.set('v', '1'), arguments: (value) => [value], seen: async (look) => !(await look.exists('v')) },
  SADD: { arguments: (value) => ['k', value], seen: async (look) => (await look.scard('k')) === 3 },
  LPUSH: { arguments: (value) => ['k', value], seen: async (look) => (await look.llen('k')) === 3 },
  RPUSH: { arguments: (value) => ['k', value], seen: async (look) => (await look.llen('k')) === 3 },
  PFADD: { arguments: (value) => ['k', value], seen: async (look) => (await look.pfcount('k')) === 3 },
};

// Commands that take a list and whose effect says no more than that they took it: of keys, after a key, before a time-out.
const LISTS = {
  keys: ['MGET', 'EXISTS', 'TOUCH', 'PFCOUNT', 'SINTER', 'SUNION', 'SDIFF'],
  afterKey: ['HDEL', 'HMGET', 'SREM', 'SMISMEMBER', 'ZREM', 'LPUSHX', 'RPUSHX'],
  timeout: ['BLPOP', 'BRPOP'],
};

function listArguments(command) {
  if (LISTS.keys.includes(command)) return [['a', 'b']];
  if (LISTS.afterKey.includes(command)) return ['k', ['a', 'b']];
  if (LISTS.timeout.includes(command)) return [['a', 'b'], 0.05];
  return undefined;
}

/** Compares a `[[value]]` row for one kind and one command. */
export async function value(client, look, kind, command, row) {
  if (!(kind in VALUES)) return undefined;
  await look.flushall();
  const given = VALUES[kind];
  const takes = TAKES[command];
  if (takes && (kind === 'object' || kind === 'array')) {
    // Lists of fields and values go in as `[field, value]`.
    const shaped = kind === 'array' && ['HSET', 'MSET', 'MSETNX'].includes(command) ? ['f', 'v'] : given;
    if (kind === 'array' && command === 'XADD') return undefined;
    await takes.before?.(look);
    const tried = await attempt(() => client.call(command, takes.arguments(shaped)));
    return row.verdict === 'flattened' && !tried.error && (await takes.seen(look)) ? true : said(tried);
  }
  const listed = row.verdict === 'flattened' && kind === 'array' && listArguments(command);
  if (listed) {
    const tried = await attempt(() => client.call(command, listed));
    return tried.error ? said(tried) : true;
  }
  const leading = { SET: ['k'], SETEX: ['k', 60], PSETEX: ['k', 60000], GETSET: ['k'], SETNX: ['k'], APPEND: ['k'], LPUSH: ['k'], RPUSH: ['k'], LPUSHX: ['k'], RPUSHX: ['k'], SADD: ['k'], SREM: ['k'], SISMEMBER: ['k'], HSETNX: ['k', 'f'], PUBLISH: ['k'], HSET: ['k', 'f'] }[command];
  if (!leading) return undefined;
  const tried = await attempt(() => client.call(command, [...leading, given]));
  const stored = await look.get('k').catch(() => look.hget('k', 'f')).catch(() => undefined);
  switch (row.verdict) {
    case 'rejected':
      return tried.error ? true : `${said(tried)}, stored ${stored}`;
    case 'stringified':
      return !tried.error && stored === String(given) ? true : `${said(tried)}, stored ${stored}`;
    case 'flattened':
      return !tried.error && stored === 'v' && (await look.ttl('k')) > 0 ? true : `${said(tried)}, stored ${stored}`;
    case 'emptied':
      return !tried.error && stored === '' ? true : `${said(tried)}, stored ${stored}`;
    case 'accepted':
      return !tried.error && stored === String(given) ? true : `${said(tried)}, stored ${stored}`;
    default:
      return undefined;
  }
}

// What is there before, and the arguments, for the replies of a few commands.
const REPLIES = {
  GET: [[], ['k']],
  HGETALL: [['hset', 'k', 'f', 'v'], ['k']],
  EXPIRE: [['set', 'k', 'v'], ['k', 60]],
  PEXPIRE: [['set', 'k', 'v'], ['k', 60000]],
  EXPIREAT: [['set', 'k', 'v'], ['k', 4000000000]],
  PEXPIREAT: [['set', 'k', 'v'], ['k', 4000000000000]],
  PERSIST: [['setex', 'k', 60, 'v'], ['k']],
  COPY: [['set', 'k', 'v'], ['k', 'd']],
  MOVE: [['set', 'k', 'v'], ['k', 1]],
  RENAMENX: [['set', 'k', 'v'], ['k', 'd']],
  SETNX: [[], ['k', 'v']],
  MSETNX: [[], [['k', 'v']]],
  HEXISTS: [['hset', 'k', 'f', 'v'], ['k', 'f']],
  HSETNX: [[], ['k', 'f', 'v']],
  SISMEMBER: [['sadd', 'k', 'm'], ['k', 'm']],
  SMOVE: [['sadd', 'k', 'm'], ['k', 'd', 'm']],
  PFADD: [[], ['k', 'a']],
  ZSCORE: [['zadd', 'k', 1, 'm'], ['k', 'm']],
  ZINCRBY: [['zadd', 'k', 1, 'm'], ['k', 1, 'm']],
  'XGROUP CREATECONSUMER': [['xgroup', 'CREATE', 'k', 'g', '$', 'MKSTREAM'], ['k', 'g', 'c']],
  'XGROUP DESTROY': [['xgroup', 'CREATE', 'k', 'g', '$', 'MKSTREAM'], ['k', 'g']],
  INFO: [[], []],
  'CONFIG GET': [[], ['maxmemory']],
  SCAN: [[], (client) => [client.version.startsWith('4') ? 0 : '0']],
  HSCAN: [['hset', 'k', 'f', 'v'], (client) => ['k', client.version.startsWith('4') ? 0 : '0']],
  SSCAN: [['sadd', 'k', 'm'], (client) => ['k', client.version.startsWith('4') ? 0 : '0']],
  ZSCAN: [['zadd', 'k', 1, 'm'], (client) => ['k', client.version.startsWith('4') ? 0 : '0']],
};

const SHAPES = {
  boolean: (reply) => typeof reply === 'boolean',
  'accepted-flag': (reply) => typeof reply === 'boolean',
  integer: (reply) => Number.isInteger(reply),
  number: (reply) => typeof reply === 'number',
  string: (reply) => typeof reply === 'string',
  array: (reply) => Array.isArray(reply),
  map: (reply) => typeof reply === 'object' && reply !== null && !Array.isArray(reply),
  'cursor-number': (reply) => typeof reply?.cursor === 'number',
  'cursor-string': (reply) => typeof (reply?.cursor ?? reply?.[0]) === 'string',
};

/** Compares a `[[reply]]` row for one command; `*` is tried with GET. */
export async function reply(client, look, command, row) {
  const sample = REPLIES[command === '*' ? 'GET' : command];
  const shape = SHAPES[row.reply];
  if (!sample || !shape) return undefined;
  await look.flushall();
  const [before, given] = sample;
  if (before.length) await look.call(...before);
  const tried = await attempt(() => client.returned(command === '*' ? 'GET' : command, typeof given === 'function' ? given(client) : given));
  return !tried.error && shape(tried.reply) ? true : said(tried);
}
