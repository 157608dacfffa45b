import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const tailBytes = 32_768;
/** Node's own decoration of an error that nobody caught. */
const noise = /^\s+at |^\s*[{}\]),;^]+$|^Node\.js v|^node:internal|^\s+throw |^\s+(code|url): /;

/** The end of a service's log as a person reads it: no JSON, no stack frames. Empty when it said nothing. */
export function lastWords(file: string, count = 6): string[] {
  const lines = tailOf(file)
    .split('\n')
    .filter((line) => line.trim() !== '' && !noise.test(line));
  return lines.slice(-count).map((line) => plain(line).slice(0, 200));
}

/** One line of pino's JSON as `11:02:33 error text: cause`; any other line as it is. */
export function plain(line: string): string {
  try {
    const { time, level, msg, err, reason } = JSON.parse(line) as Record<string, unknown>;
    const cause = (err as { message?: unknown } | undefined)?.message ?? reason;
    const clock = typeof time === 'string' ? time.slice(11, 19) : '';
    const text = [msg, cause].filter((part) => typeof part === 'string' && part !== '').join(': ');
    return `${clock} ${String(level)} ${text}`.trim();
  } catch {
    return line;
  }
}

function tailOf(file: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
