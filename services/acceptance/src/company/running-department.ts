import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { ProgramName } from './programs.js';
import { freePort, programOf } from './programs.js';

const ANSWER_WITHIN_MS = 5_000;
/** For whoever has nothing to do but wait. */
const PATIENTLY_MS = 30_000;

export interface HttpAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a door answers is what a test is about
  readonly body: any;
}

/** A department, or the control room, as it runs in earnest: its built program, in a process of its own. */
export class RunningDepartment {
  private said = '';
  private isTold = false;
  readonly ended: Promise<void>;

  private constructor(
    readonly name: ProgramName,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {
    this.ended = once(child, 'exit').then(() => undefined);
    const hear = (chunk: Buffer) => void (this.said = (this.said + chunk.toString()).slice(-20_000));
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
  }

  /**
   * Resolves when it says that it is ready; fails with its last words when it ends before.
   * @param flags of node, such as `--conditions=faults`
   */
  static async start(
    name: ProgramName,
    environment: NodeJS.ProcessEnv,
    flags: readonly string[] = [],
  ): Promise<RunningDepartment> {
    const department = await RunningDepartment.spawn(name, environment, flags);
    await department.ready();
    return department;
  }

  /** The same without waiting until it is ready: it may never be. */
  static async spawn(
    name: ProgramName,
    environment: NodeJS.ProcessEnv,
    flags: readonly string[] = [],
  ): Promise<RunningDepartment> {
    const program = programOf(name);
    if (!existsSync(program)) throw new Error(`There is no ${program}: npm run build comes before.`);
    const port = await freePort();
    const env = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), ...environment };
    const child = spawn(process.execPath, [...flags, program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new RunningDepartment(name, `http://127.0.0.1:${port}`, child);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Nobody told it to, and it was not killed, as a failpoint kills its own process. */
  get endedByItself(): boolean {
    return !this.isRunning && !this.isTold && this.child.signalCode !== 'SIGKILL';
  }

  /** Null while it runs, and when a signal ended it. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The end of what it has written so far. */
  get lastWords(): string {
    return this.said;
  }

  /** Drains it and waits for its end. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.isTold = true;
    this.child.kill('SIGCONT');
    this.child.kill('SIGTERM');
    await this.ended;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.isTold = true;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.isTold ||= signal === 'SIGTERM';
    this.child.kill(signal);
  }

  /** What it answers, for which it has half a minute. Fails on a refusal. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a door answers is what the test is about
  async http(method: 'GET' | 'POST', path: string, body?: unknown): Promise<any> {
    const answer = await this.ask(method, path, { body, withinMs: PATIENTLY_MS });
    if (answer.status >= 400)
      throw new Error(`${this.name} answers ${answer.status} to ${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Whatever it answers, also a refusal. Fails when it does not answer in time. */
  async ask(
    method: 'GET' | 'POST',
    path: string,
    {
      body,
      headers = {},
      withinMs = ANSWER_WITHIN_MS,
    }: { body?: unknown; headers?: Record<string, string>; withinMs?: number } = {},
  ): Promise<HttpAnswer> {
    const answer = await fetch(new URL(path, this.url), {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(withinMs),
    });
    const text = await answer.text();
    return { status: answer.status, body: parsed(text) };
  }

  /** Resolves when it says that it is ready; fails with its last words when it ends before. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.said.includes('"msg":"ready"')) resolve();
      };
      this.child.stdout!.on('data', look);
      this.child.once('exit', (code) => reject(new Error(`${this.name} ended with ${code}: ${this.said}`)));
      look();
    });
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
