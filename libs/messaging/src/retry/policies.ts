const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The delays before each further attempt, in ms. After the last one the message is parked. */
export const retryPolicies = {
  /** For failures that pass: about 20 minutes in six attempts. */
  standard: [SECOND_MS, 5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 15 * MINUTE_MS],
  /**
   * For what waits on others: quick at first, because it is usually a matter of milliseconds; twice a minute for ten
   * minutes, so that after a longer fault it is done within a minute of the heal; then for two days.
   */
  patient: [
    100,
    200,
    400,
    SECOND_MS,
    2 * SECOND_MS,
    5 * SECOND_MS,
    15 * SECOND_MS,
    ...Array.from({ length: 20 }, () => 30 * SECOND_MS),
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    ...Array.from({ length: 48 }, () => HOUR_MS),
  ],
  /** For what must not be tried twice without a person. */
  never: [],
} as const satisfies Record<string, readonly number[]>;

export type RetryPolicyName = keyof typeof retryPolicies;

/**
 * The delay before the next attempt, in ms with ±20 % jitter, or undefined when the policy is used up.
 * @param attempts how many attempts have been made, 1 or more
 * @param random a number in [0, 1)
 */
export function nextDelayMs(policy: RetryPolicyName, attempts: number, random: number): number | undefined {
  const delayMs: number | undefined = retryPolicies[policy][attempts - 1];
  return delayMs === undefined ? undefined : Math.round(delayMs * (0.8 + 0.4 * random));
}
