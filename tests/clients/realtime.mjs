// The exchange's own WebSocket client, unmodified: its local tables must equal the REST tables after a busy time.
import { createRequire } from 'node:module';
import { address, assert, check, finish, key, rest, sleep, socketAddress, until } from './venue.mjs';

const BitMEXClient = createRequire(import.meta.url)('bitmex-realtime-api');

const busyMilliseconds = Number(process.env.BUSY_SECONDS ?? 12) * 1000;
const symbols = ['XBTUSD', 'ETHUSDT'];
const alice = key('alice');
const errors = [];
const client = new BitMEXClient({
  endpoint: socketAddress, httpEndpoint: address + '/api/v1', apiKeyID: alice.id, apiKeySecret: alice.secret,
});
client.on('error', (problem) => errors.push(String(problem?.message ?? problem)));
client.on('end', () => errors.push('the socket ended'));

const row = (level) => `${level.side} ${level.price} ${level.size} ${level.id}`;
const book = (levels) => levels.map(row).sort();

// Every table that can be listened to, public and private; the callback's data is not needed, the client keeps it.
const seen = new Set();
await check('the client learns the topics', () => until(() => client.initialized, 'topics of /schema/websocketHelp'));
await check('every topic has a partial', async () => {
  for (const table of client.streams.all) {
    client.addStream('XBTUSD', table, (data, symbol, name) => seen.add(name));
  }
  client.addStream('ETHUSDT', 'orderBookL2', () => undefined);
  const silent = () => client.streams.all.filter((table) => !client._keys[table] && !seen.has(table));
  try {
    await until(() => silent().length === 0, 'partials');
  } catch (problem) {
    throw new Error(`${problem.message}: ${silent().join(', ')}`);
  }
});

await check(`books equal REST after ${busyMilliseconds / 1000} busy seconds`, async () => {
  let changes = 0;
  client.on('orderBookL2:*:XBTUSD', () => changes++);
  await sleep(busyMilliseconds);
  assert(changes > busyMilliseconds / 1000, `only ${changes} changes`);
  for (const symbol of symbols) {
    let first = '';
    await until(async () => {
      const there = book(await rest(`/api/v1/orderBook/L2?symbol=${symbol}&depth=0`));
      const here = book(client.getData(symbol, 'orderBookL2'));
      if (there.join() === here.join()) return true;
      first = `here ${here.filter((line) => !there.includes(line)).slice(0, 3)} there ${there.filter((line) => !here.includes(line)).slice(0, 3)}`;
      await sleep(2000 * Math.random());
      throw new Error(first);
    }, `${symbol} equal`, 30);
  }
});

await check('trades were told and wallets are there', () => {
  assert(client.getData('XBTUSD', 'trade').length > 1, 'no trades');
  assert(client.getData(null, 'margin').length >= 2, 'no margins');
});

await check('nothing was wrong on the way', () => assert(errors.length === 0, errors.slice(0, 5).join('; ')));
finish();
