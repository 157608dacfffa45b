import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installScript } from './debian-package.js';

describe('installing RabbitMQ from Debian', () => {
  const directory = mkdtempSync(join(tmpdir(), 'retaguarda-apt-'));
  const policy = join(directory, 'policy-rc.d');
  const calls = join(directory, 'calls');
  afterAll(() => rmSync(directory, { recursive: true }));
  afterEach(() => rmSync(calls, { force: true }));

  /** An apt-get that notes its arguments and the policy's answer at that moment. */
  function installWith(exitCode: number) {
    const apt = join(directory, 'apt-get');
    writeFileSync(apt, `#!/bin/sh\n"${policy}"; echo "$1 policy:$?" >>"${calls}"\nexit ${exitCode}\n`);
    chmodSync(apt, 0o755);
    const env = { PATH: `${directory}:/usr/bin:/bin` };
    return spawnSync('/bin/sh', ['-c', installScript('rabbitmq-server', policy)], { env, encoding: 'utf8' });
  }

  it('forbids the start of a system service while it runs, and allows it again afterwards', () => {
    expect(installWith(0).status).toBe(0);
    expect(readFileSync(calls, 'utf8')).toBe('update policy:101\ninstall policy:101\n');
    expect(existsSync(policy)).toBe(false);
  });

  it.each([0, 100])("gives the machine's own policy back when apt ends with %d", (exitCode) => {
    writeFileSync(policy, '#!/bin/sh\nexit 7\n', { mode: 0o755 });
    expect(installWith(exitCode).status).toBe(exitCode);
    expect(readFileSync(policy, 'utf8')).toContain('exit 7');
    expect(existsSync(`${policy}.before-retaguarda`)).toBe(false);
    rmSync(policy);
  });

  it('repairs what an installation that was cut off left behind', () => {
    const cutOff = installScript('rabbitmq-server', policy).replace(/^apt-get update.*$/m, () => 'kill -9 $$');
    writeFileSync(policy, '#!/bin/sh\nexit 7\n', { mode: 0o755 });
    spawnSync('/bin/sh', ['-c', cutOff]);
    expect(readFileSync(policy, 'utf8')).toContain('exit 101');
    expect(installWith(0).status).toBe(0);
    expect(readFileSync(policy, 'utf8')).toContain('exit 7');
  });
});
