import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../system/state-directory.js';
import type { StateDirectory } from '../system/state-directory.js';

export interface AuditReport {
  clean: boolean;
  checks: { name: string; promise: string; count: number; offending: unknown[] }[];
}

export type AuditOutcome = { report: AuditReport } | { failure: string };

const program = join(repository, 'services', 'control-room', 'dist', 'audit', 'main.js');

/** `npm run audit` in a process of its own, over the running system. */
export async function audit(directory: StateDirectory): Promise<AuditOutcome> {
  if (!existsSync(program)) return { failure: `it is not built: there is no ${program}` };
  const env = { ...process.env, RETAGUARDA_STATE_DIR: directory.path };
  const child = spawn(process.execPath, [program, '--json'], { cwd: repository, env, detached: true });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  return outcomeOf(code, said);
}

/** 0: clean, 1: findings; anything else, or no JSON, is no audit. */
export function outcomeOf(code: number | null, said: { out: string; err: string }): AuditOutcome {
  const report = code === 0 || code === 1 ? reportIn(said.out) : undefined;
  if (report && report.clean === (code === 0)) return { report };
  const [reason = 'it said nothing'] = said.err.split('\n').filter((line) => line.trim() !== '');
  return { failure: `it could not be done (exit code ${code}): ${reason}` };
}

function reportIn(text: string): AuditReport | undefined {
  try {
    const report = JSON.parse(text) as AuditReport;
    return Array.isArray(report.checks) ? report : undefined;
  } catch {
    return undefined;
  }
}
