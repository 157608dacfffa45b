import { sharedReading } from '@retaguarda/department';
import type { Unread } from '../audit/cannot-audit.js';
import { CannotAudit } from '../audit/cannot-audit.js';
import type { RunningSystem } from '../audit/running-system.js';
import { departments } from '../audit/running-system.js';
import { Snapshot } from '../audit/snapshot.js';

/** Whether the departments' databases answer. */
export class Databases {
  /** Those that do not; undefined when that could not be found out soon. One look at a time, shared by all who ask. */
  readonly away = sharedReading(() => this.look());

  constructor(private readonly system: Pick<RunningSystem, 'databases'>) {}

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
