import { appendFileSync } from 'node:fs';
import { InfrastructureMissing, StateDirectoryInUse } from '@retaguarda/infrastructure';
import { Screen } from './screen.js';
import { CannotStart } from './system/cannot-start.js';
import type { SystemChoice } from './system/departments.js';
import { StateDirectory } from './system/state-directory.js';
import { System } from './system/system.js';

/** npm passes a Ctrl-C on that the terminal has delivered already: two of them this close are one. */
const sameKeyMs = 700;

export interface Launch {
  system: System;
  screen: Screen;
  /** Ctrl-C, SIGTERM, or the terminal was closed. */
  stopRequested: AbortSignal;
}

/**
 * Runs `work` with a system that is stopped afterwards, however it ends; then ends the process with its exit code, or
 * with `interruptedCode` when `work` was given up because of a stop.
 */
export async function launch(
  choice: SystemChoice,
  work: (launch: Launch) => Promise<number>,
  interruptedCode = 0,
): Promise<void> {
  const screen = new Screen();
  const directory = new StateDirectory();
  const system = new System(choice, directory, screen);
  const stopRequested = listenForStop(system, screen);
  // The terminal may be gone before we are.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let code = 0;
  try {
    code = await work({ system, screen, stopRequested });
  } catch (error) {
    code = stopRequested.aborted ? interruptedCode : tell(error, screen, directory);
  }
  screen.endLive({ isKept: true });
  if (code !== 0 && !stopRequested.aborted && system.hasStarted) screen.note('stopping what was started');
  const isClean = await system.stop().catch((error: unknown) => tell(error, screen, directory) === 0);
  process.exit(code || (isClean ? 0 : 1));
}

export function untilStopRequested(stopRequested: AbortSignal): Promise<void> {
  if (stopRequested.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // A pending promise alone does not keep Node running.
    const alive = setInterval(() => undefined, 60_000);
    stopRequested.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}

function listenForStop(system: System, screen: Screen): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (stop.signal.aborted && performance.now() - firstAt < sameKeyMs) return;
    if (stop.signal.aborted) {
      screen.endLive();
      screen.startLine();
      screen.warn('killing everything at once; what was unfinished is done on the next start');
      system.killAtOnce();
      process.exit(130);
    }
    firstAt = performance.now();
    screen.startLine();
    screen.note('stopping (once more kills at once)');
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return stop.signal;
}

/** Says what went wrong; where it is no known failure, its stack goes to the launcher's log. The exit code. */
function tell(error: unknown, screen: Screen, directory: StateDirectory): number {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  screen.line('');
  screen.problem(message);
  const isKnown = [CannotStart, InfrastructureMissing, StateDirectoryInUse].some((kind) => error instanceof kind);
  if (!isKnown) noteWhere(stack ?? message, screen, directory);
  return 1;
}

function noteWhere(stack: string, screen: Screen, directory: StateDirectory): void {
  try {
    const file = directory.logFile('launcher');
    appendFileSync(file, `${new Date().toISOString()} ${stack}\n`, { mode: 0o600 });
    screen.note(`more about it in ${file}`);
  } catch {
    // Where nothing may be written, what the screen says is all there is.
  }
}
