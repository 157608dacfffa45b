import { hash } from 'node:crypto';

/**
 * An id in the layout of a UUIDv7 that is the same each time: of the moment, and of what it stands for. So work that is
 * done again, on the clock of the first time, makes the same ids, and whoever has them already knows them. The journal
 * holds such ids for days: another way to make them is a recovery that makes others.
 * @param place orders ids of the same moment; 0 to 4,095, beyond that it begins anew
 * @param names what it stands for, such as `('invoice', orderId)`
 */
export function idFrom(moment: Date, place: number, ...names: readonly string[]): string {
  const digest = hash('sha256', JSON.stringify(names), 'hex');
  const time = Math.max(0, moment.getTime()).toString(16).padStart(12, '0');
  const order = (place & 0xfff).toString(16).padStart(3, '0');
  const variant = '89ab'[parseInt(digest[0]!, 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${order}-${variant}${digest.slice(1, 4)}-${digest.slice(4, 16)}`;
}
