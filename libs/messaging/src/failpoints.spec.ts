import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { armFailpoints, onFailpoint, reach } from './failpoints.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const callSites = (build: string) =>
  readdirSync(`${root}/${build}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => readFileSync(`${root}/${build}/${file}`, 'utf8').match(/reach\('[a-z-]+'/g) ?? []);

const run = (conditions: string[], script: string, failpoint: string) =>
  spawnSync(process.execPath, [...conditions, '--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], RETAGUARDA_FAILPOINT: failpoint },
  });

describe('failpoints', () => {
  it('are nowhere in what is built to be run, and everywhere in the build for fault runs', () => {
    expect(callSites('dist')).toEqual([]);
    expect(new Set(callSites('dist-faults'))).toEqual(
      new Set(
        ['after-handler', 'after-commit', 'after-publish', 'after-confirm', 'before-ack', 'draining'].map(
          (point) => `reach('${point}'`,
        ),
      ),
    );
  });

  it('cannot be armed in what is built to be run', () => {
    const arm = `const { onFailpoint } = await import('@retaguarda/messaging'); onFailpoint('before-ack', () => 1);`;
    expect(run([], arm, 'before-ack:kill:1').stderr).toMatch(/This build has no failpoints/);
    expect(run(['--conditions=faults'], arm, 'before-ack:kill:1')).toMatchObject({ status: 0, stderr: '' });
  });

  it('run what a test registered until it takes it back', async () => {
    const reached: string[] = [];
    const disarm = onFailpoint('after-commit', (where) => reached.push(where));
    await reach('after-commit', 'stock.reserve-stock');
    await reach('before-ack', 'stock.reserve-stock');
    disarm();
    await reach('after-commit', 'stock.reserve-stock');
    expect(reached).toEqual(['stock.reserve-stock']);
  });

  it('throw at the step that the environment names, and only there', async () => {
    armFailpoints('after-handler@stock.reserve-stock:throw');
    await expect(reach('after-handler', 'stock.release-stock')).resolves.toBeUndefined();
    await expect(reach('after-handler', 'stock.reserve-stock')).rejects.toThrow('failpoint after-handler');
    onFailpoint('after-handler', () => undefined)();
  });

  it('kill their process at the hit that the environment names', () => {
    const twice = `const { onFailpoint } = await import('@retaguarda/messaging');
      const { reach } = await import('./dist-faults/failpoints.js');
      for (const turn of [1, 2, 3]) { await reach('before-ack', 'stock'); console.log(turn); }`;
    const { signal, stdout, stderr } = run(['--conditions=faults'], twice, 'before-ack:kill:2');
    expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: '1\n' });
    expect(stderr).toMatch(/failpoint before-ack reached 2 times/);
  });

  it('pause at each hit, and tell of the first at each place', () => {
    const thrice = `const { reach } = await import('./dist-faults/failpoints.js');
      const { performance } = await import('node:perf_hooks');
      const begin = performance.now();
      for (const where of ['stock', 'stock', 'stock.reserve-stock']) await reach('after-handler', where);
      console.log(performance.now() - begin > 50);`;
    const { stdout, stderr } = run(['--conditions=faults'], thrice, 'after-handler:pause:20');
    expect(stdout).toBe('true\n');
    expect(stderr).toBe(
      ['stock', 'stock.reserve-stock'].map((at) => `failpoint after-handler reached at ${at}: pauses 20 ms\n`).join(''),
    );
  });

  it.each([
    ['after-lunch:kill:1', 'There is no failpoint after-lunch'],
    ['before-ack:explode', 'A failpoint can kill, pause or throw'],
  ])('refuse %s', (text, why) => expect(() => armFailpoints(text)).toThrow(why));
});
