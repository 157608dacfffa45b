import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** How a department of a contender is started. */
export interface Program {
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const STOP_BOUND_MS = 20_000;

/** One department of a contender in a process of its own. */
export class LineProcess {
  private said = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param nodeFlags such as `--cpu-prof` */
  static start(name: string, { file, args = [], env }: Program, nodeFlags: readonly string[]): LineProcess {
    const child = spawn(process.execPath, [...nodeFlags, file, ...args], {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new LineProcess(name, child);
  }

  get pid(): number {
    return this.child.pid!;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The end of what it wrote, for an error message. */
  get lastWords(): string {
    return this.said;
  }

  /** Resolves when it says `"msg":"ready"`. Throws with its last words when it ends before. */
  untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        this.said = (this.said + chunk.toString()).slice(-4_000);
        if (this.said.includes('"msg":"ready"')) resolve();
      };
      this.child.stdout!.on('data', hear);
      this.child.stderr!.on('data', hear);
      this.child.once('exit', (code) => reject(new Error(`${this.name} ended with ${code}: ${this.said}`)));
    });
  }

  /** It stands still in the middle of what it does, with all connections open, until it is resumed. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGCONT');
    this.child.kill('SIGTERM');
    const bound = new AbortController();
    const late = pause(STOP_BOUND_MS, 'late', { signal: bound.signal }).catch(() => 'ended');
    if ((await Promise.race([ended, late])) === 'late') this.child.kill('SIGKILL');
    await ended;
    bound.abort();
  }
}
