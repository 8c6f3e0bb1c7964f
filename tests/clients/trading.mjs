// ccxt, unmodified: two accounts trade with each other over REST, their streams tell the same, and no money is made or lost.
import ccxt from 'ccxt';
import { address, assert, check, equal, finish, key, socketAddress, until } from './venue.mjs';

const symbol = 'BTC/USD:BTC';

async function client(name) {
  const { id, secret } = key(name);
  const exchange = new ccxt.pro.bitmex({ apiKey: id, secret, rateLimit: 20 });
  exchange.urls.api = { public: address, private: address, ws: socketAddress };
  // As the client asks for sockets without TLS.
  await exchange.loadHttpProxyAgent();
  return exchange;
}

const alice = await client('alice');
const bob = await client('bob');
const deposits = {};
const raw = async (exchange, currency) => Number((await exchange.privateGetUserMargin({ currency })).walletBalance);

await check('markets, currencies and tickers', async () => {
  await Promise.all([alice.loadMarkets(), bob.loadMarkets()]);
  const market = alice.market(symbol);
  equal([market.id, market.inverse, market.precision.price, market.precision.amount, market.settle], ['XBTUSD', true, 0.5, 100, 'BTC'], 'market');
  equal(alice.market('ETH/USDT:USDT').linear, true, 'linear');
  assert(alice.markets['BTC/USD:BTC-270326'].future, 'a dated future');
  equal(alice.currencies.BTC.precision, 1e-8, 'satoshi');
  const ticker = await alice.fetchTicker(symbol);
  assert(ticker.bid > 0 && ticker.ask > ticker.bid && ticker.last > 0, JSON.stringify(ticker));
  assert(Object.keys(await alice.fetchTickers([symbol, 'ETH/USDT:USDT'])).length === 2, 'tickers');
});

await check('public data', async () => {
  const book = await alice.fetchOrderBook(symbol, 10);
  assert(book.bids.length === 10 && book.asks.length === 10 && book.bids[0][0] < book.asks[0][0], 'book');
  assert((await alice.fetchTrades(symbol, undefined, 20)).length > 0, 'trades');
  const bars = await alice.fetchOHLCV(symbol, '1m', undefined, 5);
  assert(bars.length > 0 && bars[0][2] >= bars[0][3], 'bars');
  const rates = await alice.fetchFundingRates([symbol]);
  assert(rates[symbol].fundingRate !== undefined && rates[symbol].markPrice > 0, 'funding rate');
  equal(await alice.fetchFundingRateHistory(symbol), [], 'no funding took place yet');
  equal(await alice.fetchLiquidations(symbol), [], 'no liquidation');
  equal(await alice.fetchSettlementHistory(symbol), [], 'no settlement');
  assert(Object.keys(await alice.fetchOpenInterests()).length > 0, 'open interest');
});

await check('balances', async () => {
  for (const currency of ['XBt', 'USDt']) deposits[currency] = (await raw(alice, currency)) + (await raw(bob, currency));
  const balance = await alice.fetchBalance();
  assert(balance.BTC.total > 0 && balance.USDT.free > 0, JSON.stringify(balance.BTC));
  const ledger = await alice.fetchLedger('BTC');
  equal(ledger.map((entry) => entry.type), ['transaction'], 'ledger');
});

const price = async (side, ticks) => {
  const book = await alice.fetchOrderBook(symbol, 1);
  return side === 'buy' ? book.bids[0][0] - ticks * 0.5 : book.asks[0][0] + ticks * 0.5;
};

await check('place, look up, amend and cancel', async () => {
  const placed = await alice.createOrder(symbol, 'limit', 'buy', 300, await price('buy', 2000), { clientOrderId: 'there-and-back', postOnly: true });
  equal([placed.status, placed.side, placed.info.orderQty, placed.clientOrderId, placed.postOnly], ['open', 'buy', 300, 'there-and-back', true], 'placed');
  equal((await alice.fetchOrder(placed.id, symbol)).id, placed.id, 'found');
  equal((await alice.fetchOpenOrders(symbol)).length, 1, 'open orders');
  const amended = await alice.editOrder(placed.id, symbol, 'limit', 'buy', 200, placed.price - 10);
  equal([amended.info.orderQty, amended.price], [200, placed.price - 10], 'amended');
  equal((await alice.cancelOrder(placed.id, symbol)).status, 'canceled', 'canceled');
  equal((await alice.fetchOpenOrders(symbol)).length, 0, 'nothing open');
  let refusal;
  await alice.cancelOrder(placed.id, symbol).catch((problem) => (refusal = problem));
  assert(refusal instanceof ccxt.OrderNotFound, `second cancel: ${refusal}`);
});

await check('refusals have the names that clients know', async () => {
  const refused = (action) => action.then(() => 'accepted', (problem) => problem.constructor.name);
  const order = (change) => alice.privatePostOrder({ symbol: 'XBTUSD', orderQty: 100, price: 50000, clOrdID: 'twice', ...change });
  equal(await refused(order({})), 'accepted', 'the first');
  equal(await refused(order({})), 'InvalidOrder', 'the same clOrdID again');
  equal(await refused(order({ clOrdID: undefined, orderQty: 150 })), 'BadRequest', 'a broken lot');
  equal(await refused(order({ clOrdID: undefined, orderQty: 10000000, price: 100 })), 'InsufficientFunds', 'more than there is');
  await fetch(address + '/admin/faults', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ kind: 'overload', account: 'alice', verb: 'POST' }),
  });
  equal(await refused(order({ clOrdID: 'overloaded' })), 'ExchangeNotAvailable', 'an overload that was asked for');
  const stranger = new ccxt.bitmex({ apiKey: alice.apiKey, secret: 'wrong' });
  stranger.urls.api = alice.urls.api;
  equal(await refused(stranger.privateGetUserMargin()), 'AuthenticationError', 'a wrong secret');
  await alice.cancelAllOrders(symbol);
});

await check('two accounts trade with each other', async () => {
  const streams = { orders: [], fills: [], positions: [] };
  let isOver = false;
  const listen = async (watch, into) => {
    while (!isOver) into.push(...(await watch()));
  };
  const stopped = (problem) => {
    if (!isOver) streams.problem = problem;
  };
  listen(() => bob.watchOrders(symbol), streams.orders).catch(stopped);
  listen(() => bob.watchMyTrades(symbol), streams.fills).catch(stopped);
  listen(() => bob.watchPositions([symbol]), streams.positions).catch(stopped);
  await bob.watchBalance();
  const before = (await alice.fetchMyTrades(symbol)).length;
  for (let round = 0; round < 5; round++) {
    const [maker, taker, makerSide, takerSide] = round % 2 === 0 ? [alice, bob, 'buy', 'sell'] : [bob, alice, 'sell', 'buy'];
    // Inside the spread, where nobody else is, so that they meet each other; the market may still come between.
    const at = makerSide === 'buy' ? await price('buy', -1) : await price('sell', -1);
    const resting = await maker.createOrder(symbol, 'limit', makerSide, 100 * (round + 1), at);
    await taker.createOrder(symbol, 'limit', takerSide, 100 * (round + 1), at, { timeInForce: 'ImmediateOrCancel' });
    await maker.cancelOrder(resting.id, symbol).catch(() => undefined);
  }
  assert((await alice.fetchMyTrades(symbol)).length > before, 'no fills');
  await until(() => streams.fills.length > 0 && streams.orders.length > 0 && streams.positions.length > 0, `streams of bob; ${streams.problem}`);
  const filled = (await bob.fetchMyTrades(symbol)).map((fill) => fill.id).sort();
  await until(() => filled.every((id) => streams.fills.some((fill) => fill.id === id)), 'the stream told every fill');
  isOver = true;
  assert(streams.problem === undefined, String(streams.problem));
});

await check('money: the wallet is the deposit, less what fills cost', async () => {
  await Promise.all([alice.cancelAllOrders(symbol), bob.cancelAllOrders(symbol)]);
  let [wallets, realised] = [0, 0];
  for (const exchange of [alice, bob]) {
    wallets += await raw(exchange, 'XBt');
    const fills = await exchange.privateGetExecutionTradeHistory({ count: 500, symbol: 'XBTUSD' });
    const [position] = await exchange.privateGetPosition({ filter: JSON.stringify({ symbol: 'XBTUSD' }) });
    const sum = (field) => fills.reduce((total, fill) => total + Number(fill[field]), 0);
    const quantity = fills.reduce((total, fill) => total + (fill.side === 'Buy' ? 1 : -1) * Number(fill.lastQty), 0);
    equal(Number(position.currentQty), quantity, 'position is the sum of its fills');
    equal(Number(position.currentCost), sum('execCost'), 'cost is the sum of its fills');
    equal(Number(position.currentComm), sum('execComm'), 'commission is the sum of its fills');
    realised += Number(position.unrealisedCost) - sum('execCost') - sum('execComm');
  }
  equal(wallets, deposits.XBt + realised, 'wallets');
});

await check('positions, closed orders and the dead man\'s switch', async () => {
  const positions = await bob.fetchPositions([symbol]);
  equal(positions.map((position) => position.symbol), [symbol], 'positions');
  assert((await bob.fetchClosedOrders(symbol)).length > 0, 'closed orders');
  assert((await bob.fetchOrders(symbol)).length > 0, 'orders');
  assert((await bob.cancelAllOrdersAfter(60000)).cancelTime, 'armed');
  await bob.cancelAllOrdersAfter(0);
});

await check('public streams', async () => {
  const book = await alice.watchOrderBook(symbol);
  assert(book.bids[0][0] < book.asks[0][0], 'book');
  await alice.watchTrades(symbol);
  assert((await alice.watchTicker(symbol)).last > 0, 'ticker');
});

await Promise.all([alice.close(), bob.close()]);
finish();
