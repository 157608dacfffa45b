import { residentMegabytes } from '../machine/processor-time.js';
import type { Contender } from './contender.js';
import { departments } from './departments.js';
import type { DepartmentName } from './departments.js';
import type { Ground } from './ground.js';
import { LineProcess } from './line-process.js';

/** The broker cuts a connection that is silent for 20 s; a frozen department is let breathe before. */
const BREATH_EVERY_MS = 7_000;
const BREATH_MS = 5;
const SAMPLE_EVERY_MS = 1_000;

/** Megabytes of each department, one sample a second while the line is at work. */
export interface MemorySample {
  readonly atMs: number;
  readonly megabytes: Readonly<Partial<Record<DepartmentName, number>>>;
}

/** The five processes of a contender. */
export class Line {
  readonly memory: MemorySample[] = [];
  private isAtWork = false;
  private breath: NodeJS.Timeout | undefined;
  private readonly sampling: NodeJS.Timeout;

  private constructor(private readonly processes: ReadonlyMap<DepartmentName, LineProcess>) {
    const begin = performance.now();
    this.sampling = setInterval(() => this.sample(performance.now() - begin), SAMPLE_EVERY_MS);
  }

  /** Starts them; `untilReady` waits for them. */
  static start(contender: Contender, ground: Ground, nodeFlags: readonly string[]): Line {
    const processes = departments.map((name) => {
      const { env, ...program } = contender.program(name);
      const where = { DATABASE_URL: ground.databases[name], RABBITMQ_URL: ground.rabbitUrl };
      return [name, LineProcess.start(name, { ...program, env: { ...where, ...env } }, nodeFlags)] as const;
    });
    return new Line(new Map(processes));
  }

  /** Throws with the last words of one that ends before it is ready. */
  async untilReady(): Promise<void> {
    await Promise.all([...this.processes.values()].map((each) => each.untilReady()));
  }

  get pids(): Readonly<Record<DepartmentName, number>> {
    return Object.fromEntries([...this.processes].map(([name, { pid }]) => [name, pid])) as Record<
      DepartmentName,
      number
    >;
  }

  /** Samples memory meanwhile: a line that waits for its turn gives some of it back. */
  async watched<T>(work: () => Promise<T>): Promise<T> {
    this.isAtWork = true;
    try {
      return await work();
    } finally {
      this.isAtWork = false;
    }
  }

  /** Sales takes nothing in from here on, so that a backlog can be put before it. */
  freezeSales(): void {
    const sales = this.processes.get('sales')!;
    sales.freeze();
    this.breath = setInterval(() => {
      sales.resume();
      setTimeout(() => this.breath && sales.freeze(), BREATH_MS);
    }, BREATH_EVERY_MS);
  }

  resumeSales(): void {
    clearInterval(this.breath);
    this.breath = undefined;
    this.processes.get('sales')!.resume();
  }

  /** Throws when one of the five has ended: nothing more will come of it. */
  checkAlive(): void {
    for (const each of this.processes.values())
      if (each.hasEnded) throw new Error(`${each.name} has ended by itself: ${each.lastWords}`);
  }

  get lastWords(): string {
    return [...this.processes.values()].map(({ name, lastWords }) => `── ${name}\n${lastWords.slice(-800)}`).join('\n');
  }

  async stop(): Promise<void> {
    clearInterval(this.sampling);
    clearInterval(this.breath);
    await Promise.all([...this.processes.values()].map((each) => each.stop()));
  }

  private sample(atMs: number): void {
    if (!this.isAtWork) return;
    const found = [...this.processes].map(([name, { pid }]) => [name, residentMegabytes(pid)]);
    this.memory.push({ atMs, megabytes: Object.fromEntries(found) as MemorySample['megabytes'] });
  }
}
