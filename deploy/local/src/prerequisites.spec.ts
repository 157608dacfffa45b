import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./prerequisites.mjs', import.meta.url));

function checkedWith(version: string) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, program];
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

describe('before anything is built', () => {
  it.each(['18.20.0', '20.18.3'])('Node %s is refused in one sentence', (version) => {
    const { status, stderr } = checkedWith(version);
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(new RegExp(`^Node ${version} is too old: Retaguarda needs Node 20\\.19 or newer.*$`));
  });

  it.each(['20.19.0', '22.0.0'])('Node %s is let through', (version) => {
    expect(checkedWith(version)).toMatchObject({ status: 0, stderr: '' });
  });
});
