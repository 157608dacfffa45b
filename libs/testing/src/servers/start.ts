import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findInfrastructure, StateDirectoryInUse, type Infrastructure } from '@retaguarda/infrastructure';
import { needsServers } from './selection.js';
import { brokerVariable, databaseVariable } from './variables.js';

interface GlobalConfig {
  rootDir: string;
  testPathPatterns: { patterns: string[] };
}

interface ProjectConfig {
  rootDir: string;
  testPathIgnorePatterns: string[];
}

let servers: Pick<Infrastructure, 'broker' | 'database' | 'stop'> | undefined;

/** One pair of servers for the whole run, and none when only pure specs are run. */
export async function startTestServers(global: GlobalConfig, project: ProjectConfig): Promise<void> {
  const { rootDir, testPathIgnorePatterns: ignored } = project;
  if (!needsServers({ rootDir, patterns: global.testPathPatterns.patterns, ignored }, specsIn(rootDir))) return;
  servers = process.env.RETAGUARDA_TEST_DOCKER === '1' ? await inContainers() : await onThisMachine(rootDir);
  process.env[brokerVariable] = JSON.stringify(servers.broker);
  process.env[databaseVariable] = JSON.stringify(servers.database);
}

/** With RETAGUARDA_TEST_KEEP=1 they stay, and the next run takes them over within a second. */
export async function stopTestServers(): Promise<void> {
  if (process.env.RETAGUARDA_TEST_KEEP !== '1') await servers?.stop();
  servers = undefined;
}

function specsIn(rootDir: string): string[] {
  return ['libs', 'services', 'deploy'].flatMap((part) => specsBelow(join(rootDir, part)));
}

function specsBelow(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) return entry.name.endsWith('.spec.ts') ? [path] : [];
    return ['node_modules', 'dist'].includes(entry.name) ? [] : specsBelow(path);
  });
}

/** Two test runs at the same time each have servers of their own. */
async function onThisMachine(rootDir: string): Promise<Infrastructure> {
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  for (let run = 1; ; run += 1) {
    const stateDir = join(rootDir, '.retaguarda', run === 1 ? 'test' : `test-${run}`);
    try {
      return await findInfrastructure({ stateDir, docker: false, durable: false, report });
    } catch (error) {
      if (!(error instanceof StateDirectoryInUse) || run === 9) throw error;
    }
  }
}

async function inContainers(): Promise<Infrastructure> {
  const { startContainers } = await import('./containers.js');
  return startContainers();
}
