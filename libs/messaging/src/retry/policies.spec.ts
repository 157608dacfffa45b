import { nextDelayMs, retryPolicies } from './policies.js';

describe('retry policies', () => {
  it('spreads each delay by a fifth in both directions, so that messages do not come back all at once', () => {
    expect(nextDelayMs('standard', 1, 0)).toBe(800);
    expect(nextDelayMs('standard', 1, 0.5)).toBe(1_000);
    expect(nextDelayMs('standard', 1, 0.999_999)).toBe(1_200);
  });

  it('ends after the last delay, and then the message is parked', () => {
    const attempts = retryPolicies.standard.length;
    expect(nextDelayMs('standard', attempts, 0.5)).toBe(15 * 60_000);
    expect(nextDelayMs('standard', attempts + 1, 0.5)).toBeUndefined();
    expect(nextDelayMs('never', 1, 0.5)).toBeUndefined();
  });

  it('asks at least once a minute for ten minutes, because an outage of that length must be over within a minute', () => {
    let waitedMs = 0;
    for (let attempts = 1; waitedMs < 10 * 60_000; attempts += 1) {
      const delayMs = nextDelayMs('patient', attempts, 0.999_999)!;
      expect(delayMs).toBeLessThan(60_000);
      waitedMs += retryPolicies.patient[attempts - 1]!;
    }
  });

  it('waits for others for two days before a person is asked', () => {
    const totalMs = retryPolicies.patient.reduce((sum: number, delayMs) => sum + delayMs, 0);
    expect(totalMs / 3_600_000).toBeGreaterThan(48);
    expect(totalMs / 3_600_000).toBeLessThan(50);
  });
});
