import { restAfter, shortestRestAfter } from './pace.js';

const pace = { everyMs: 60_000, busyShare: 0.1 };

describe('the pace of the audits', () => {
  it('is even while they are quick', () => {
    expect(restAfter({ tookMs: 400, isMade: true }, pace)).toBe(59_600);
  });

  it('slows down so that no more than a tenth of the time is spent reading', () => {
    expect(restAfter({ tookMs: 20_000, isMade: true }, pace)).toBe(180_000);
    expect(restAfter({ tookMs: 20_000, isMade: true }, { ...pace, busyShare: 1 })).toBe(40_000);
    expect(restAfter({ tookMs: 90_000, isMade: true }, { ...pace, busyShare: 1 })).toBe(0);
  });

  it('is quicker when an audit could not be made, unless failing takes long', () => {
    expect(restAfter({ tookMs: 50, isMade: false }, pace)).toBe(10_000);
    expect(restAfter({ tookMs: 50, isMade: false }, { ...pace, everyMs: 1_000 })).toBe(1_000);
    expect(restAfter({ tookMs: 5_000, isMade: false }, pace)).toBe(45_000);
  });

  it('gives whoever asks again and again half of the time', () => {
    expect(shortestRestAfter({ tookMs: 20_000, isMade: true })).toBe(20_000);
  });
});
