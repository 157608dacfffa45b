import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const departments = ['sales', 'stock', 'fulfillment', 'invoicing', 'billing'] as const;
export type DepartmentName = (typeof departments)[number];
export const controlRoom = 'control-room';
/** What runs as a process of its own. */
export type ProgramName = DepartmentName | typeof controlRoom;

/** A built program of a service; the same from src as from dist. */
export const programOf = (service: string, file = 'main.js') =>
  fileURLToPath(new URL(`../../../${service}/dist/${file}`, import.meta.url));

export interface ProgramEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `npm run audit`, without npm. */
export function runAudit(flags: readonly string[], environment: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  return run(programOf('control-room', 'audit/main.js'), flags, environment);
}

/** `npm run replay`, without npm. */
export function runReplay(flags: readonly string[], environment: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  return run(programOf('control-room', 'replay/main.js'), flags, environment);
}

async function run(program: string, flags: readonly string[], environment: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  const child = spawn(process.execPath, [program, ...flags], { env: { PATH: process.env['PATH'], ...environment } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

export async function freePort(): Promise<number> {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  listener.close();
  await once(listener, 'close');
  return port;
}
