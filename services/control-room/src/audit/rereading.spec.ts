import type { Finding } from './findings.js';
import { keyOf } from './findings.js';
import { TOLD_WITHIN_MS } from './queues.js';
import { persisting } from './rereading.js';

const finding = (orderId: string): Finding => ({ check: 'work-has-order', orderId, id: orderId });
const [onItsWay, wrong] = [finding('on its way'), finding('wrong')];

/** A system that answers each reading with the next of these. */
function system(...readings: readonly (readonly Finding[])[]) {
  const asked: (readonly string[])[] = [];
  let waitedMs = 0;
  return {
    asked,
    waitedMs: () => waitedMs,
    wait: (ms: number) => Promise.resolve((waitedMs += ms)),
    queues: () => Promise.resolve({ depths: new Map([[`asked after ${asked.length} readings`, waitedMs]]) }),
    keys: (orderIds: readonly string[]) => {
      asked.push(orderIds);
      return Promise.resolve(new Set(readings[asked.length - 1]!.map(keyOf)));
    },
  };
}

describe('what five snapshots seem to contradict', () => {
  it('counts only if it is found every time', async () => {
    const at = system([onItsWay, wrong], [wrong], [onItsWay, wrong], [wrong]);
    const { findings } = await persisting([onItsWay, wrong], at);
    expect(findings).toEqual([wrong]);
    expect(at.asked).toEqual([['on its way', 'wrong'], ['on its way', 'wrong'], ['wrong'], ['wrong']]);
  });

  it('is not looked at again when nothing is left', async () => {
    const at = system([]);
    expect(await persisting([onItsWay], at)).toEqual({ findings: [], queues: undefined });
    expect(at.asked).toHaveLength(1);
  });

  it('does not count as the same when another check is broken', async () => {
    const other = { ...wrong, check: 'goods-as-ordered' };
    expect((await persisting([wrong], system([other]))).findings).toEqual([]);
  });

  it('is read again once when it is more than can be on its way', async () => {
    const many = Array.from({ length: 5_001 }, (_, index) => finding(`order ${index}`));
    const at = system(many);
    const { findings, queues } = await persisting(many, at);
    expect([findings.length, at.asked.length]).toEqual([5_001, 1]);
    expect(queues?.depths).toEqual(new Map([['asked after 0 readings', TOLD_WITHIN_MS]]));
  });

  it('may be in a queue, which is asked before the last reading, when it tells of a moment after the first', async () => {
    const at = system([wrong], [wrong], [wrong], [wrong]);
    const { queues } = await persisting([wrong], at);
    expect(queues?.depths).toEqual(new Map([['asked after 3 readings', TOLD_WITHIN_MS]]));
    expect(at.waitedMs()).toBe(TOLD_WITHIN_MS);
  });
});
