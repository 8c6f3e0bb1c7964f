// What every script here needs: the running venue's address and the demo accounts' keys, and a way to tell results.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const address = process.env.VENUE_ADDRESS;
export const socketAddress = address.replace('http', 'ws') + '/realtime';

export function key(name) {
  return JSON.parse(readFileSync(join(process.env.VENUE_KEYS, name + '.json'), 'utf8'));
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let passed = 0;
let failed = 0;

export function assert(condition, what) {
  if (!condition) throw new Error(what);
}

export function equal(actual, expected, what) {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left}, expected ${right}`);
}

// Polls until the function's result is true, or fails with what it last threw.
export async function until(condition, what, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  let last = 'it was never true';
  while (Date.now() < deadline) {
    try {
      if (await condition()) return;
    } catch (problem) {
      last = problem.message;
    }
    await sleep(25);
  }
  throw new Error(`not within ${seconds} s: ${what}; ${last}`);
}

export async function check(name, test) {
  try {
    await test();
    passed++;
    console.log(`ok   ${name}`);
  } catch (problem) {
    failed++;
    console.log(`FAIL ${name}: ${problem.stack ?? problem}`);
  }
}

// The runner adds these lines up.
export function finish() {
  console.log(`counts ${passed} ${failed}`);
  process.exit(failed === 0 ? 0 : 1);
}

export async function rest(path) {
  const response = await fetch(address + path);
  assert(response.status === 200, `${path}: ${response.status}`);
  return response.json();
}
