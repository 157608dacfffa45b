import { containerIdIn, engineHost, publishedIn } from './docker.js';

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
