import type { Finding } from './findings.js';
import { keyOf } from './findings.js';
import { persisting } from './rereading.js';

const finding = (orderId: string): Finding => ({ check: 'work-has-order', orderId, id: orderId });
const [onItsWay, wrong] = [finding('on its way'), finding('wrong')];

/** A system that answers each reading with the next of these. */
function system(readings: readonly (readonly Finding[])[], depths: readonly number[] = []) {
  const asked: (readonly string[])[] = [];
  let [waitedMs, queues] = [0, 0];
  return {
    asked,
    waitedMs: () => waitedMs,
    wait: (ms: number) => Promise.resolve((waitedMs += ms)),
    queues: () => Promise.resolve(new Map([['stock.reserve-stock', depths[queues++] ?? 0]])),
    keys: (orderIds: readonly string[]) => {
      asked.push(orderIds);
      return Promise.resolve(new Set(readings[asked.length - 1]!.map(keyOf)));
    },
  };
}

describe('what five snapshots seem to contradict', () => {
  it('counts only if it is found every time', async () => {
    const at = system([[onItsWay, wrong], [wrong], [onItsWay, wrong]]);
    const { findings } = await persisting([onItsWay, wrong], new Map(), at);
    expect(findings).toEqual([wrong]);
    expect(at.asked).toEqual([['on its way', 'wrong'], ['on its way', 'wrong'], ['wrong']]);
    expect(at.waitedMs()).toBeGreaterThan(2_000);
  });

  it('is not looked at again when nothing is left', async () => {
    const at = system([[]]);
    expect((await persisting([onItsWay], new Map(), at)).findings).toEqual([]);
    expect(at.asked).toHaveLength(1);
  });

  it('does not count as the same when another check is broken', async () => {
    const other = { ...wrong, check: 'goods-as-ordered' };
    expect((await persisting([wrong], new Map(), system([[other]]))).findings).toEqual([]);
  });

  it('is read again once when it is more than can be on its way', async () => {
    const many = Array.from({ length: 5_001 }, (_, index) => finding(`order ${index}`));
    const at = system([many]);
    expect((await persisting(many, new Map(), at)).findings).toHaveLength(5_001);
    expect(at.asked).toHaveLength(1);
  });

  it('may be in a queue that was longest at any of the readings', async () => {
    const at = system([[wrong], [wrong], [wrong]], [2, 5, 0]);
    const { depths } = await persisting([wrong], new Map([['stock.take-from-shelf', 7]]), at);
    expect(Object.fromEntries(depths)).toEqual({ 'stock.reserve-stock': 5, 'stock.take-from-shelf': 7 });
  });
});
