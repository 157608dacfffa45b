import { writeSync } from 'node:fs';

declare global {
  /** Set by the build: false in `dist`, where nothing of this file's names and call sites is left; true in `dist-faults`. */
  const FAILPOINTS: boolean;
}

/** Moments between two steps of the pipeline at which a test may stop, delay or kill the department. */
export type Failpoint =
  | 'after-handler' // all is written, nothing is committed
  | 'after-commit' // committed, nothing is published
  | 'after-publish' // handed to the broker, which has not confirmed
  | 'after-confirm' // confirmed, the outbox row is still there
  | 'before-ack' // sent, the broker's copy is still there
  | 'draining'; // told to stop, work is still under way

/**
 * What happens there. It may throw, never settle, or end the process.
 * @param where a step (`stock.reserve-stock`), an event type or a department; it always begins with the department
 */
export type AtFailpoint = (where: string) => unknown;

const POINTS = ['after-handler', 'after-commit', 'after-publish', 'after-confirm', 'before-ack', 'draining'];
const armed = new Map<Failpoint, AtFailpoint>();

/**
 * Arms a failpoint in this process; what it returns disarms it. A second one for the same point replaces the first.
 * Throws in a build without failpoints.
 */
export function onFailpoint(point: Failpoint, action: AtFailpoint): () => void {
  if (!FAILPOINTS) throw new Error('This build has no failpoints: node --conditions=faults takes the one that has.');
  armed.set(point, action);
  return () => {
    if (armed.get(point) === action) armed.delete(point);
  };
}

/** Call sites stand behind `if (FAILPOINTS)`, which the build resolves: `dist` has neither the branch nor the name. */
export async function reach(point: Failpoint, where: string): Promise<void> {
  if (FAILPOINTS) await armed.get(point)?.(where);
}

/**
 * Arms what `RETAGUARDA_FAILPOINT` says: `<point>:kill:<n>` (SIGKILL at the n-th hit), `<point>:pause:<ms>` (at each
 * hit) or `<point>:throw`; several with commas. `<point>@<where>` counts only one step or event type. Each kill is told
 * on standard error before, and so is the first pause at each place.
 */
export function armFailpoints(text: string): void {
  if (!FAILPOINTS) return;
  for (const one of text.split(',')) {
    const [target = '', action = '', number = '1'] = one.trim().split(':');
    const [point = '', wanted] = target.split('@');
    if (!POINTS.includes(point)) throw new Error(`There is no failpoint ${point}; there are ${POINTS.join(', ')}.`);
    const act = actionOf(point, action, Number(number));
    onFailpoint(point as Failpoint, (where) => (wanted === undefined || wanted === where ? act(where) : undefined));
  }
}

function actionOf(point: string, action: string, number: number): AtFailpoint {
  if (!FAILPOINTS) return () => undefined;
  if (action === 'pause') return pausing(point, number);
  if (action === 'throw')
    return () => {
      throw new Error(`failpoint ${point}`);
    };
  if (action !== 'kill') throw new Error(`A failpoint can kill, pause or throw, but not ${action}.`);
  let hits = 0;
  return async () => {
    hits += 1;
    if (hits === number) await dieAt(point, hits);
  };
}

function pausing(point: string, ms: number): AtFailpoint {
  if (!FAILPOINTS) return () => undefined;
  const told = new Set<string>();
  return (where) => {
    if (!told.has(where)) writeSync(2, `failpoint ${point} reached at ${where}: pauses ${ms} ms\n`);
    told.add(where);
    return new Promise((resolve) => setTimeout(resolve, ms));
  };
}

/** Two turns of the event loop first, so that what was just handed to a socket has left the process. */
async function dieAt(point: string, hits: number): Promise<void> {
  if (!FAILPOINTS) return;
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  writeSync(2, `failpoint ${point} reached ${hits} times: SIGKILL\n`);
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
}

if (FAILPOINTS && process.env['RETAGUARDA_FAILPOINT']) armFailpoints(process.env['RETAGUARDA_FAILPOINT']);
