import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';

/** What a line does to what passes over it. */
export type LineState = 'open' | 'black hole' | 'half-open' | 'slow' | 'refuses';

const SLOW_MS = 150;

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  isHalfOpen: boolean;
  /** At most so many bytes of what each end says next get through, never all of them, and then it is gone. */
  cutAfter: number;
}

/**
 * A TCP line between the services and a server, that can be broken in the ways that networks break.
 *
 * A black hole holds back what is sent, as a network does that drops packets and whose ends send them again: the
 * connection goes on when the line is mended, if nobody has given up. Half-open: the far end is gone, the near end was not
 * told; it is told when the line is mended.
 */
export class Line {
  private state: LineState = 'open';
  private readonly pairs = new Set<Pair>();
  private readonly waiting = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (near) => this.accept(near));
  }

  static async to(host: string, port: number): Promise<Line> {
    const server = createServer({ pauseOnConnect: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Line(server, { host, port });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.pairs.size;
  }

  become(state: LineState): void {
    this.state = state;
    for (const pair of this.pairs) {
      if (state === 'open') pair.cutAfter = Infinity;
      if (state === 'half-open') this.loseFarEnd(pair);
      else if (pair.isHalfOpen) pair.near.resetAndDestroy();
      if (state === 'black hole') for (const end of [pair.near, pair.far]) end.pause();
      else if (!pair.isHalfOpen) for (const end of [pair.near, pair.far]) end.resume();
    }
    if (state === 'black hole' || state === 'half-open') return;
    for (const near of this.waiting) this.join(near);
    this.waiting.clear();
  }

  /** Both ends get a reset, as from a firewall that lost its table. */
  reset(): void {
    for (const { near, far } of this.pairs) for (const end of [near, far]) end.resetAndDestroy();
  }

  /** The next bytes of each connection are cut off after `bytes`, in the middle of a frame, and then it is gone. */
  cutAfter(bytes: number): void {
    for (const pair of this.pairs) pair.cutAfter = bytes;
  }

  async close(): Promise<void> {
    for (const { near, far } of this.pairs) for (const end of [near, far]) end.destroy();
    for (const near of this.waiting) near.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(near: Socket): void {
    near.on('error', () => undefined);
    if (this.state === 'refuses') return void near.resetAndDestroy();
    if (this.state !== 'black hole' && this.state !== 'half-open') return this.join(near);
    this.waiting.add(near);
    near.once('close', () => this.waiting.delete(near));
  }

  private join(near: Socket): void {
    if (near.destroyed) return;
    const far = connect(this.target);
    const pair: Pair = { near, far, isHalfOpen: false, cutAfter: Infinity };
    this.pairs.add(pair);
    for (const end of [near, far]) {
      end.setNoDelay(true);
      end.on('error', () => undefined);
    }
    this.forward(near, far, pair);
    this.forward(far, near, pair);
    near.once('close', () => this.end(pair));
    far.once('close', () => {
      if (!pair.isHalfOpen) this.end(pair);
    });
    near.resume();
  }

  /** What comes once a slow line is mended or cut goes behind what is still under way: TCP never swaps bytes. */
  private forward(from: Socket, to: Socket, pair: Pair): void {
    const underWay: Buffer[] = [];
    const deliver = (chunks: readonly Buffer[]) => chunks.forEach((chunk) => to.write(chunk));
    from.on('data', (chunk: Buffer) => {
      if (this.state === 'half-open') return;
      underWay.push(pair.cutAfter < Infinity ? chunk.subarray(0, Math.min(pair.cutAfter, chunk.length - 1)) : chunk);
      if (pair.cutAfter < Infinity) {
        from.removeAllListeners('data');
        deliver(underWay.splice(0));
        to.end(() => this.end(pair));
      } else if (this.state === 'slow') setTimeout(() => deliver(underWay.splice(0, 1)), SLOW_MS);
      else deliver(underWay.splice(0));
    });
    from.on('end', () => {
      if (this.state === 'half-open') return;
      deliver(underWay.splice(0));
      to.end();
    });
  }

  private loseFarEnd(pair: Pair): void {
    pair.isHalfOpen = true;
    pair.far.destroy();
  }

  private end(pair: Pair): void {
    this.pairs.delete(pair);
    pair.near.destroy();
    pair.far.destroy();
  }
}

/** The lines of a run: one to the broker, one to the database. */
export class Lines {
  private constructor(
    readonly broker: Line,
    readonly database: Line,
  ) {}

  static async between(rabbitUrl: string, databaseUrl: string): Promise<Lines> {
    const [broker, database] = [new URL(rabbitUrl), new URL(databaseUrl)];
    return new Lines(
      await Line.to(broker.hostname, Number(broker.port)),
      await Line.to(database.hostname, Number(database.port)),
    );
  }

  /** The same addresses, by way of the lines. */
  reroute({ RABBITMQ_URL, RABBITMQ_PUBLISH_URL, DATABASE_URL }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return {
      RABBITMQ_URL: withPort(RABBITMQ_URL!, this.broker.port),
      RABBITMQ_PUBLISH_URL: withPort(RABBITMQ_PUBLISH_URL!, this.broker.port),
      DATABASE_URL: withPort(DATABASE_URL!, this.database.port),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.broker.close(), this.database.close()]);
  }
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.host = `127.0.0.1:${port}`;
  return changed.href;
}
