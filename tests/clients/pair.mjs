// ccxt, unmodified, where nobody else trades: what two accounts do to each other is all there is, so every sum must come out to the satoshi.
import ccxt from 'ccxt';
import { address, assert, check, equal, finish, key, socketAddress, until } from './venue.mjs';

const symbols = { 'BTC/USD:BTC': ['XBTUSD', 100, 0.5], 'ETH/USDT:USDT': ['ETHUSDT', 1000, 0.05] };

async function client(name) {
  const { id, secret } = key(name);
  const exchange = new ccxt.pro.bitmex({ apiKey: id, secret, rateLimit: 20 });
  exchange.urls.api = { public: address, private: address, ws: socketAddress };
  await exchange.loadHttpProxyAgent();
  await exchange.loadMarkets();
  return exchange;
}

const [alice, bob] = [await client('alice'), await client('bob')];
const currencies = ['XBt', 'USDt'];
const balance = async (exchange, currency) => Number((await exchange.privateGetUserMargin({ currency })).walletBalance);
const total = async (currency) => (await balance(alice, currency)) + (await balance(bob, currency));
const fills = (exchange) => exchange.privateGetExecutionTradeHistory({ count: 500 });
const position = async (exchange, id) => Number((await exchange.privateGetPosition({ filter: JSON.stringify({ symbol: id }) }))[0]?.currentQty ?? 0);

const before = {};
for (const currency of currencies) before[currency] = await total(currency);
const told = [];
const listening = bob.watchMyTrades().then(async (first) => {
  told.push(...first);
  for (;;) told.push(...(await bob.watchMyTrades()));
});
// It ends with the socket, when everything is over.
listening.catch(() => undefined);
// Asked for after the stream on the same socket: when it answers, the stream has begun.
await bob.watchBalance();

await check('every order of one meets the other, and both are told of it', async () => {
  for (const [symbol, [id, lot, tick]] of Object.entries(symbols)) {
    const mark = Number((await alice.publicGetInstrument({ symbol: id }))[0].markPrice);
    const price = Math.round(mark / tick) * tick;
    for (const [maker, taker, side, lots] of [[alice, bob, 'buy', 3], [bob, alice, 'buy', 5], [alice, bob, 'sell', 7]]) {
      const resting = await maker.createOrder(symbol, 'limit', side, lot * lots, price, { postOnly: true });
      const taken = await taker.createOrder(symbol, 'limit', side === 'buy' ? 'sell' : 'buy', lot * lots, price, { timeInForce: 'ImmediateOrCancel' });
      equal([taken.info.ordStatus, (await maker.fetchOrder(resting.id, symbol)).status], ['Filled', 'closed'], 'both are filled');
    }
  }
  const [hers, his] = [await fills(alice), await fills(bob)];
  const matches = (rows) => rows.map((row) => row.trdMatchID).sort();
  equal([hers.length, matches(hers)], [6, matches(his)], 'the same matches');
  const sum = (field) => [...hers, ...his].reduce((sum, row) => sum + Number(row[field]), 0);
  equal(sum('execCost'), 0, 'what one paid the other received');
  await until(() => his.every((row) => told.some((fill) => fill.info.execID === row.execID)), 'the stream told every fill');
});

await check('positions are opposite, and when they are closed the wallets are the deposits less commission', async () => {
  for (const [symbol, [id, , tick]] of Object.entries(symbols)) {
    const held = await position(alice, id);
    equal(await position(bob, id), -held, id);
    assert(held !== 0, `${id}: nobody holds anything`);
    const [long, short] = held > 0 ? [alice, bob] : [bob, alice];
    // At another price than they opened at: one gains what the other loses.
    const mark = Number((await alice.publicGetInstrument({ symbol: id }))[0].markPrice);
    const price = (Math.round(mark / tick) + 20) * tick;
    await long.createOrder(symbol, 'limit', 'sell', Math.abs(held), price, { execInst: 'ReduceOnly' });
    await short.createOrder(symbol, 'limit', 'buy', Math.abs(held), price, { execInst: 'ReduceOnly', timeInForce: 'ImmediateOrCancel' });
    equal([await position(alice, id), await position(bob, id)], [0, 0], `${id} closed`);
  }
  const all = [...(await fills(alice)), ...(await fills(bob))];
  for (const currency of currencies) {
    const commission = all.filter((row) => row.settlCurrency === currency).reduce((sum, row) => sum + Number(row.execComm), 0);
    equal(await total(currency), before[currency] - commission, currency);
  }
});

await Promise.all([alice.close(), bob.close()]);
finish();
