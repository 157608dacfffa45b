import { createHmac } from 'node:crypto';

/**
 * The same on every start, and stored nowhere. As strong as the secret: who has one derived password could try out weak
 * ones, so an administrator's password should be a random one.
 */
export function derivedPassword(secret: string, name: string): string {
  return createHmac('sha256', secret).update(name).digest('hex').slice(0, 40);
}
