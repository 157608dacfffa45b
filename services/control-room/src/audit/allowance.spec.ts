import { allowForQueues } from './allowance.js';
import type { Finding } from './findings.js';

const lacking = (orderId: string, step: string, since: number): Finding => ({
  ...{ check: 'handed-on', orderId, id: `${orderId} ${step}`, hop: { step, since } },
});
const idsOf = (findings: readonly { orderId: string }[]) => findings.map(({ orderId }) => orderId).sort();

describe('a queue', () => {
  const waiting = [3, 1, 2].map((since) => lacking(`order ${since}`, 'stock.reserve-stock', since));

  it('explains as many missing effects as it holds messages: the youngest', () => {
    const { lost, queued } = allowForQueues(waiting, new Map([['stock.reserve-stock', 2]]));
    expect([idsOf(lost), idsOf(queued)]).toEqual([['order 1'], ['order 2', 'order 3']]);
  });

  it('explains nothing of another step, and nothing but missing effects', () => {
    const contradiction: Finding = { check: 'goods-as-ordered', orderId: 'x', id: 'x' };
    const { lost } = allowForQueues([...waiting, contradiction], new Map([['stock.take-from-shelf', 9]]));
    expect(idsOf(lost)).toEqual(['order 1', 'order 2', 'order 3', 'x']);
  });

  it('of dead letters explains what the steps of its department miss, once their own queues have', () => {
    const depths = new Map([
      ['stock.reserve-stock', 1],
      ['stock.dead', 1],
      ['sales.dead', 9],
    ]);
    const { lost, queued } = allowForQueues(waiting, depths);
    expect(idsOf(lost)).toEqual(['order 1']);
    expect(queued).toEqual([
      { orderId: 'order 3', queue: 'stock.reserve-stock' },
      { orderId: 'order 2', queue: 'stock.dead' },
    ]);
  });
});
