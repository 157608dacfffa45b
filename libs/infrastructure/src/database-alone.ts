import { accountFor } from './accounts.js';
import { databaseFromEnvironment } from './environment.js';
import { Home, prepareDirectory } from './home.js';
import { checkStartable, startDatabase } from './local-servers.js';
import { takeLock } from './lock.js';
import { databaseAccounts } from './postgres.js';
import type { Database, Report, Running } from './servers.js';

/**
 * A Postgres without a broker: `POSTGRES_URL`, else a private one whose data go with it. Throws InfrastructureMissing
 * when there is none, and StateDirectoryInUse while another process holds `stateDir`.
 */
export async function findDatabase({
  stateDir,
  report,
}: {
  stateDir: string;
  report: Report;
}): Promise<Running<Database>> {
  const given = await databaseFromEnvironment();
  if (given) return { server: given, stop: () => Promise.resolve() };
  const directory = prepareDirectory(stateDir, [accountFor(databaseAccounts)], report);
  const unlock = takeLock(directory);
  try {
    const place = { home: Home.open(directory), isDurable: false, report };
    checkStartable(place, { broker: false, database: true });
    const { server, stop } = await startDatabase(place);
    return { server, stop: () => stop().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}
