import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far a callback's time may be from ours; later it may be a replay. */
export const TOLERANCE_SECONDS = 300;

const SECRET_PREFIX = 'whsec_';

/** A callback as it came in. */
export interface Signed {
  /** `webhook-id` */
  readonly id: string;
  /** `webhook-timestamp`, seconds since 1970. */
  readonly timestamp: string;
  /** `webhook-signature`: one or several `v1,<base64>`, with blanks between them. */
  readonly signature: string;
  /** Byte for byte. */
  readonly body: Buffer;
}

/**
 * Why a callback is not to be believed; undefined when it is.
 * Source: Standard Webhooks 1.0, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secret `whsec_` and base64, or any text
 */
export function distrust(signed: Signed, secret: string, now: Date): string | undefined {
  if (!/^\d{1,12}$/.test(signed.timestamp)) return 'webhook-timestamp must be whole seconds since 1970';
  const expected = Buffer.from(sign(signed, secret), 'base64');
  const isSigned = signed.signature.split(' ').some((candidate) => isSame(candidate, expected));
  if (!isSigned) return 'webhook-signature does not fit the body';
  const ageSeconds = now.getTime() / 1_000 - Number(signed.timestamp);
  return Math.abs(ageSeconds) > TOLERANCE_SECONDS ? 'webhook-timestamp is more than 5 minutes off' : undefined;
}

/** HMAC-SHA256 of `id.timestamp.body`, base64. */
export function sign({ id, timestamp, body }: Omit<Signed, 'signature'>, secret: string): string {
  const key = secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret);
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
}

function isSame(candidate: string, expected: Buffer): boolean {
  if (!candidate.startsWith('v1,')) return false;
  const given = Buffer.from(candidate.slice('v1,'.length), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
