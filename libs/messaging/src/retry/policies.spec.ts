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

  it('waits for others for two days before a person is asked', () => {
    const totalMs = retryPolicies.patient.reduce((sum: number, delayMs) => sum + delayMs, 0);
    expect(totalMs / 3_600_000).toBeGreaterThan(48);
    expect(totalMs / 3_600_000).toBeLessThan(50);
  });
});
