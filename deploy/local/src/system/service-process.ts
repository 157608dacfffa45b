import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart } from './cannot-start.js';
import { lastWords } from './last-words.js';
import { identityOf } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import { repository } from './state-directory.js';

const readyBoundMs = 120_000;
const askEveryMs = 100;
/** A service gives up draining by itself after 25 s. */
const drainBoundMs = 30_000;
const restartDelayMs = { first: 500, longest: 30_000 };
/** Whoever stayed up this long is not in a crash loop: the next restart is quick again. */
const settledAfterMs = 30_000;

export interface ServicePlan {
  name: string;
  port: number;
  url: string;
  /** Its compiled `main.js`. */
  program: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
}

/** What the launcher writes down and shows. */
export interface Watch {
  /** A process was started or has ended. */
  onChange(): void;
  onDeath(service: ServiceProcess, how: string, restartInMs: number): void;
  onReturn(service: ServiceProcess, tookMs: number): void;
}

export type Ending = 'drained' | 'killed' | 'failed';

/** One service as a child process of its own session, so that Ctrl-C reaches only the launcher, which drains it. */
export class ServiceProcess {
  identity?: ProcessIdentity;
  private child?: ChildProcess;
  private ended: Promise<void> = Promise.resolve();
  private failure?: CannotStart;
  private hasBeenReady = false;
  private isStopping = false;
  private readySince = 0;
  private deaths = 0;
  private restart?: NodeJS.Timeout;

  constructor(
    readonly plan: ServicePlan,
    private readonly watch: Watch,
  ) {}

  get isUp(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  start(): void {
    const log = openSync(this.plan.logFile, 'a', 0o600);
    const { program, env } = this.plan;
    const options = { cwd: repository, env, detached: true, stdio: ['ignore', log, log] as ['ignore', number, number] };
    const child = spawn(process.execPath, ['--enable-source-maps', program], options);
    closeSync(log);
    this.child = child;
    this.readySince = Infinity;
    this.identity = identityOf(this.plan.name, child.pid);
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(this.onExit(error.message, false)));
      child.once('exit', (code, signal) => resolve(this.onExit(told(code, signal), signal !== null)));
    });
    this.watch.onChange();
  }

  /** Throws {@link CannotStart} with the service's last words when it ended by itself before it was ever ready. */
  async untilReady(stopRequested: AbortSignal): Promise<void> {
    const begin = performance.now();
    for (let reason = 'it does not answer'; ;) {
      stopRequested.throwIfAborted();
      if (this.failure) throw this.failure;
      const answer = this.isUp ? await this.askReady() : reason;
      if (answer === 'ready') break;
      reason = answer;
      if (performance.now() - begin > readyBoundMs) throw new CannotStart(this.inWords(`is not ready: ${reason}`));
      await pause(askEveryMs);
    }
    this.hasBeenReady = true;
    this.readySince = performance.now();
  }

  /** Asks it to drain; one that cannot within 30 s is killed. May be called at any time, more than once. */
  async stop(): Promise<Ending> {
    this.isStopping = true;
    clearTimeout(this.restart);
    if (!this.isUp) return 'drained';
    this.child?.kill('SIGTERM');
    const bound = new AbortController();
    const late = pause(drainBoundMs, 'late' as const, { signal: bound.signal }).catch(() => 'aborted' as const);
    const outcome = await Promise.race([this.ended, late]);
    bound.abort();
    if (outcome !== 'late') return this.child?.exitCode === 1 ? 'failed' : 'drained';
    this.kill();
    await this.ended;
    return 'killed';
  }

  kill(): void {
    this.isStopping = true;
    clearTimeout(this.restart);
    if (this.isUp) this.child?.kill('SIGKILL');
  }

  private onExit(how: string, isBySignal: boolean): void {
    this.identity = undefined;
    this.watch.onChange();
    if (this.isStopping) return;
    if (!this.hasBeenReady && !isBySignal) {
      this.failure = new CannotStart(this.inWords(`stopped while it was starting (${how})`));
      return;
    }
    if (performance.now() - this.readySince > settledAfterMs) this.deaths = 0;
    const delayMs = Math.min(restartDelayMs.first * 2 ** this.deaths, restartDelayMs.longest);
    this.deaths += 1;
    this.watch.onDeath(this, how, delayMs);
    this.restart = setTimeout(() => void this.revive(), delayMs);
  }

  private async revive(): Promise<void> {
    const begin = performance.now();
    this.start();
    const { ended } = this;
    const watching = new AbortController();
    void ended.then(() => watching.abort());
    await this.untilReady(watching.signal).then(
      () => this.watch.onReturn(this, performance.now() - begin),
      // It died again, which is told where it is noticed; one that hangs is left to readiness on the screen.
      () => undefined,
    );
  }

  private async askReady(): Promise<string> {
    try {
      const response = await fetch(`${this.plan.url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) return 'ready';
      const { detail } = (await response.json()) as { detail?: string };
      return detail ?? `it answers ${response.status}`;
    } catch {
      return 'it does not answer';
    }
  }

  private inWords(what: string): string {
    const { name, logFile } = this.plan;
    const words = lastWords(logFile).map((line) => `    ${line}`);
    const said = words.length > 0 ? `Its last words:\n${words.join('\n')}\n` : 'It said nothing. ';
    return `${name} ${what}.\n${said}Its log: ${logFile}`;
  }
}

function told(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}
