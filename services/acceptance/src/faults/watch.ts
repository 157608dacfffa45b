import type { Company } from '../company/company.js';
import type { DepartmentName } from '../company/programs.js';
import { departments } from '../company/programs.js';
import type { BrokerClient } from './amqp/broker-client.js';
import type { Topology } from './topology.js';

const LOOK_EVERY_MS = 250;

/** Looks at readiness all the time, and says when everything was back. */
export class Watch {
  private readonly red = new Set<DepartmentName>();
  private isStopped = false;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly company: Company,
    private readonly client: BrokerClient,
    private readonly topology: Topology,
  ) {}

  start(): void {
    this.looking = this.look();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.looking;
  }

  /** Departments that were not ready, or did not answer, at any moment since the last call. */
  takeRed(): DepartmentName[] {
    const red = departments.filter((name) => this.red.has(name));
    this.red.clear();
    return red;
  }

  /** Seconds from `since` until every department is ready and every queue consumed; what is not, when `withinMs` passed. */
  async backAfter(since: number, withinMs: number): Promise<{ seconds: number } | { missing: string[] }> {
    for (;;) {
      const missing = [...(await this.notReady()), ...(await this.notConsumed())];
      const afterMs = Date.now() - since;
      if (missing.length === 0) return { seconds: afterMs / 1_000 };
      if (afterMs > withinMs) return { missing };
      await pause(100);
    }
  }

  private async notConsumed(): Promise<string[]> {
    const depths = await this.client.depths(this.topology.queues);
    return [...depths].filter(([, depth]) => !depth || depth.consumers === 0).map(([queue]) => queue);
  }

  private async notReady(): Promise<string[]> {
    const ready = await Promise.all(departments.map((name) => this.isReady(name)));
    return departments.filter((_, at) => !ready[at]);
  }

  private async isReady(name: DepartmentName): Promise<boolean> {
    try {
      return (await this.company.department(name).ask('GET', '/health/ready')).status === 200;
    } catch {
      return false;
    }
  }

  private async look(): Promise<void> {
    while (!this.isStopped) {
      await Promise.all(
        departments.map(async (name) => {
          if (!(await this.isReady(name))) this.red.add(name);
        }),
      );
      await pause(LOOK_EVERY_MS);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
