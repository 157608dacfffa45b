import type { DepartmentDefinition } from '@retaguarda/department';
import { openDepartment, type Department } from '@retaguarda/department';
import { Messaging, RabbitTransport } from '@retaguarda/messaging';
import { pino } from 'pino';

/** A department as it runs in earnest, on the broker and database of a spec. */
export interface OnlineDepartment extends Department {
  readonly messaging: Messaging;
  readonly transport: RabbitTransport;
  readonly url: string;
  /** Everything it logged as warning or worse. */
  readonly warnings: string[];
}

export async function openOnline(
  definition: DepartmentDefinition,
  { databaseUrl, rabbitUrl, batchSize = 200 }: { databaseUrl: string; rabbitUrl: string; batchSize?: number },
): Promise<OnlineDepartment> {
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const settings = { databaseUrl, rabbitUrl, host: '127.0.0.1', port: 0, logLevel: 'warn', batchSize };
  const department = await openDepartment(definition, settings, { log, docsPage: false });
  return {
    ...department,
    messaging: department.app.get(Messaging),
    transport: department.app.get(RabbitTransport),
    url: await department.app.getUrl(),
    warnings,
  };
}
