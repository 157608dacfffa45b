import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';

export const portNames = ['amqp', 'management', 'distribution', 'epmd', 'postgres'] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Record<PortName, number>;
export type BrokerPorts = Omit<Ports, 'postgres'>;

const firstPort = 26_670;
const blocks = 300;

/** Below the ephemeral ranges of Linux and macOS, and a block of its own per state directory, so that two differ. */
export function preferredPort(name: PortName, stateDir: string): number {
  const block = createHash('sha256').update(stateDir).digest().readUInt32BE(0) % blocks;
  return firstPort + block * 10 + portNames.indexOf(name);
}

/** The remembered port while it is free, else the first free one of the same place in the next blocks. */
export async function choosePort(
  name: PortName,
  remembered: number | undefined,
  stateDir: string,
  isFree: (port: number) => Promise<boolean> = isPortFree,
): Promise<number> {
  if (remembered !== undefined && (await isFree(remembered))) return remembered;
  const preferred = preferredPort(name, stateDir);
  for (let step = 0; step < blocks; step += 1) {
    const port = firstPort + ((preferred - firstPort + step * 10) % (blocks * 10));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port for ${name} between ${firstPort} and ${firstPort + blocks * 10}`);
}

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const listener = createServer();
    listener.once('error', () => resolve(false));
    listener.listen({ port, host: '127.0.0.1', exclusive: true }, () => listener.close(() => resolve(true)));
  });
}

export function canConnect(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 2_000 });
    const settle = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}
