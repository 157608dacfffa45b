import { runChecks, type Check } from './run-checks.js';

const node = (name: string, script: string): Check => ({ name, command: [process.execPath, '-e', script] });

async function outcomeOf(...checks: Check[]) {
  const said: string[] = [];
  const passed = await runChecks(checks, (text) => said.push(text));
  return { passed, said: said.join('\n') };
}

describe('the checks before a merge', () => {
  it('pass together, and a check that passed keeps its output to itself', async () => {
    const { passed, said } = await outcomeOf(node('format', 'console.log("chatter")'), node('types', ''));
    expect(passed).toBe(true);
    expect(said).toMatch(/✔ format .*\n✔ types|✔ types .*\n✔ format/);
    expect(said).not.toMatch(/chatter|Failed/);
  });

  it('fail when one fails, with what it said on either stream, and its name on the last line', async () => {
    const broken = node('types', 'console.log("TS2322"); console.error("in shelf.ts"); process.exit(2)');
    const { passed, said } = await outcomeOf(broken, node('format', ''));
    expect(passed).toBe(false);
    expect(said).toContain('TS2322');
    expect(said).toContain('in shelf.ts');
    expect(said).toContain('✔ format');
    expect(said.split('\n').at(-1)).toBe('Failed: types');
  });

  it('fail when a program is missing or is killed', async () => {
    const missing: Check = { name: 'missing', command: ['no-such-program-anywhere'] };
    const killed = node('killed', 'process.kill(process.pid, "SIGKILL")');
    const { passed, said } = await outcomeOf(missing, killed);
    expect(passed).toBe(false);
    expect(said).toContain('ENOENT');
    expect(said.split('\n').at(-1)).toBe('Failed: missing, killed');
  });
});
