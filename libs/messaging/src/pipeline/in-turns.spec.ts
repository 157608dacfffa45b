import { jest } from '@jest/globals';
import { inTime } from './deadline.js';
import { inTurns } from './in-turns.js';

const never = () => new Promise<string>(() => undefined);
const explain = (item: number, error: unknown) => `${item}: ${(error as Error).name}`;

describe('asking the outside for many things', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('keeps the answers of all others when one is silent', async () => {
    const asking = inTurns([1, 2, 3], (item) => (item === 2 ? never() : Promise.resolve(`paid ${item}`)), explain);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await asking).toEqual(['paid 1', '2: NoAnswer', 'paid 3']);
  });

  it('begins nothing new after 20 s: the answers that came are not lost with the rest', async () => {
    const items = Array.from({ length: 200 }, (_, n) => n);
    const asked: number[] = [];
    const slow = (item: number) => {
      asked.push(item);
      return inTime(never(), 4_500).catch(() => 'paid');
    };
    const asking = inTurns(items, slow, explain);
    await jest.advanceTimersByTimeAsync(25_000);
    expect(await asking).toHaveLength(100);
    expect(asked).toHaveLength(100);
  });
});
