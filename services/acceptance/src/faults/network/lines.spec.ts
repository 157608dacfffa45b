import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Line } from './lines.js';

describe('a line that can be broken', () => {
  let echo: Server;
  let line: Line;
  let near: Socket;
  let heard: Buffer;
  let arrived: Buffer;

  beforeEach(async () => {
    arrived = Buffer.alloc(0);
    echo = createServer((socket) => {
      socket.on('error', () => undefined).pipe(socket);
      socket.on('data', (chunk) => void (arrived = Buffer.concat([arrived, chunk])));
      socket.on('end', () => echo.emit('ended'));
    }).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    line = await Line.to('127.0.0.1', (echo.address() as { port: number }).port);
    near = connect(line.port, '127.0.0.1').on('error', () => undefined);
    heard = Buffer.alloc(0);
    near.on('data', (chunk) => void (heard = Buffer.concat([heard, chunk as Buffer])));
    await says('hello', 'hello');
  });
  afterEach(async () => {
    near.destroy();
    await line.close();
    echo.close();
  });

  const says = async (text: string, all: string) => {
    near.write(text);
    while (heard.length < all.length) await once(near, 'data');
    expect(heard.toString()).toBe(all);
  };

  it('holds back in a black hole what is sent, and gives it on when it is mended', async () => {
    line.become('black hole');
    near.write(' world');
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard.toString()).toBe('hello');
    line.become('open');
    await says('!', 'hello world!');
  });

  describe('when it is slow', () => {
    beforeEach(async () => {
      line.become('slow');
      near.write(' wor');
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(heard.toString()).toBe('hello');
    });

    it('gives on after a while what was sent', async () => {
      await says('', 'hello wor');
      await says('ld', 'hello world');
    });

    it('gives on in order what was sent before and after it is mended', async () => {
      line.become('open');
      await says('ld', 'hello world');
    });

    it('gives on what was sent before the end', async () => {
      const ended = once(echo, 'ended');
      near.end('ld');
      await ended;
      expect(arrived.toString()).toBe('hello world');
    });

    it('cuts off only what comes behind that', async () => {
      const ended = once(echo, 'ended');
      line.cutAfter(1);
      near.write('ld');
      await ended;
      expect(arrived.toString()).toBe('hello worl');
    });
  });

  it('lets the near end of a half-open connection believe in it until it is mended', async () => {
    line.become('half-open');
    expect(near.destroyed).toBe(false);
    const told = new Promise((resolve) => near.once('close', resolve));
    line.become('open');
    await told;
  });

  it('resets', async () => {
    const error = once(near, 'error') as Promise<[NodeJS.ErrnoException]>;
    line.reset();
    expect((await error)[0].code).toBe('ECONNRESET');
  });

  it('cuts a message off in its middle', async () => {
    line.cutAfter(3);
    const ended = new Promise((resolve) => near.once('close', resolve));
    near.write('goodbye');
    await ended;
    expect(arrived.toString()).toBe('hellogoo');
    expect('hellogoo'.startsWith(heard.toString())).toBe(true);
  });

  it('lets no message through whole when it cuts, however short', async () => {
    line.cutAfter(60);
    const ended = new Promise((resolve) => near.once('close', resolve));
    near.write('bye');
    await ended;
    expect(arrived.toString()).toBe('helloby');
  });

  it('cuts nobody off once it is mended', async () => {
    line.cutAfter(3);
    line.become('open');
    await says('goodbye', 'hellogoodbye');
  });
});
