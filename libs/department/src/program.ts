import { loggedError, reasonOf } from '@retaguarda/database';
import { constants } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import { openLog } from './logs.js';
import type { DoorSettings } from './settings.js';
import { WrongSettings } from './settings.js';

const STOP_LIMIT_MS = 25_000;
/**
 * How far the heap may grow beyond what lives in it before old garbage is looked for. V8's own measure is generous to
 * programs that keep what they read; here a batch is garbage as soon as it is committed. Nor do several threads look for
 * what is young: there are more services than cores (libs/messaging/README.md).
 */
const HEAP_GROWING_PERCENT = 120;

export interface Running {
  stop(): Promise<void>;
}

export interface Program<Settings extends DoorSettings> {
  readonly name: string;
  /** Throws `WrongSettings`. */
  readonly settings: () => Settings | Promise<Settings>;
  /** Resolves when it is ready. */
  readonly open: (settings: Settings, log: Logger) => Promise<Running>;
}

/** Runs a service until SIGTERM or SIGINT. Wrong settings end the process with code 2, another failure to start with 1. */
export async function runProgram<Settings extends DoorSettings>(program: Program<Settings>): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  setFlagsFromString('--no-parallel-scavenge');
  try {
    const settings = await program.settings();
    const log = openLog(program.name, settings.logLevel);
    const opened = stopOnSignal(log);
    opened(await program.open(settings, log));
    log.info({ url: `http://${settings.host}:${settings.port}` }, 'ready');
  } catch (error) {
    const isSettings = error instanceof WrongSettings;
    const why = isSettings ? error.message : `${reasonOf(error)}\n${loggedError(error).stack ?? ''}`;
    console.error(`${program.name} cannot start:\n${why}`);
    process.exit(isSettings ? 2 : 1);
  }
}

type Signal = 'SIGTERM' | 'SIGINT';

/**
 * Listens for signals from now on; what it returns is to be told of the service once that is open. Before that there is
 * nothing to drain: whatever was begun is rolled back or delivered again.
 */
function stopOnSignal(log: Logger): (running: Running) => void {
  let running: Running | undefined;
  let isStopping = false;
  const stopOnce = (signal: Signal) => {
    if (isStopping) return;
    isStopping = true;
    if (!running) {
      log.info({ signal }, 'ended while starting');
      process.exit(128 + constants.signals[signal]);
    }
    log.info({ signal }, 'draining');
    setTimeout(() => {
      log.error('could not drain in time; unfinished messages go back to the broker');
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stopOnce('SIGTERM'));
  process.on('SIGINT', () => stopOnce('SIGINT'));
  return (opened) => (running = opened);
}
