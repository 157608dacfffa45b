import { readFileSync } from 'node:fs';
import { composeFile, composeSettings, containerIdIn, engineHost, publishedIn } from './docker.js';

describe('what Docker Compose prints', () => {
  it.each([
    ['0.0.0.0:5672\n', { host: '127.0.0.1', port: 5672 }],
    ['[::]:5672\n', { host: '127.0.0.1', port: 5672 }],
    [':::32768\n', { host: '127.0.0.1', port: 32_768 }],
    ['127.0.0.1:25672\n', { host: '127.0.0.1', port: 25_672 }],
    ['WARN[0000] the attribute `version` is obsolete\n192.168.1.7:5672\n', { host: '192.168.1.7', port: 5672 }],
    [':0\n', undefined],
    ['\n', undefined],
  ])('as a port, %j, is understood', (output, expected) => {
    expect(publishedIn(output, '127.0.0.1')).toEqual(expected);
  });

  it('as a container is found between warnings', () => {
    const id = 'f'.repeat(64);
    expect(containerIdIn(`WARNING: The X variable is not set.\n${id}\n`)).toBe(id);
    expect(containerIdIn('\n')).toBeUndefined();
  });

  it('belongs to the machine on which the engine runs', () => {
    expect(engineHost(undefined)).toBe('127.0.0.1');
    expect(engineHost('unix:///var/run/docker.sock')).toBe('127.0.0.1');
    expect(engineHost('tcp://engine.example:2376')).toBe('engine.example');
  });
});

describe('what the compose file asks for', () => {
  const passwords = { broker: 'b', database: 'd' };

  it('is given, so that it starts without a word from anybody', () => {
    const mandatory = [...readFileSync(composeFile, 'utf8').matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]);
    expect(mandatory).toContain('RETAGUARDA_BROKER_PASSWORD');
    expect(Object.keys(composeSettings('/one', passwords))).toEqual(expect.arrayContaining(mandatory));
  });

  it('is a project of its own for every state directory, under a name that Docker takes', () => {
    const [one, other] = ['/one', '/other'].map((path) => composeSettings(path, passwords).COMPOSE_PROJECT_NAME);
    expect(one).toMatch(/^[a-z0-9][a-z0-9_-]+$/);
    expect(one).not.toBe(other);
  });
});
