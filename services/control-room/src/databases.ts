import type { Readiness } from '@retaguarda/department';
import { sharedReading } from '@retaguarda/department';
import type { Unread } from './audit/cannot-audit.js';
import { CannotAudit } from './audit/cannot-audit.js';
import type { RunningSystem } from './audit/running-system.js';
import { departments } from './audit/running-system.js';
import { Snapshot } from './audit/snapshot.js';

/** Whether the departments' databases answer. */
export class Databases implements Readiness {
  /** Those that do not; undefined when that could not be found out soon. One look at a time, shared by all who ask. */
  private readonly away = sharedReading(() => this.look());

  constructor(private readonly system: Pick<RunningSystem, 'databases'>) {}

  async notReadyBecause(): Promise<string | undefined> {
    const away = await this.away();
    if (!away) return 'the databases do not answer in time.';
    return away.length > 0 ? CannotAudit.reading(...away).message : undefined;
  }

  private async look(): Promise<Unread[]> {
    const looks = await Promise.allSettled(
      departments.map(async (name) => (await Snapshot.take(name, this.system.databases[name])).close()),
    );
    return looks.flatMap((look) => {
      if (look.status === 'fulfilled') return [];
      if (look.reason instanceof CannotAudit) return look.reason.unread;
      throw look.reason;
    });
  }
}
