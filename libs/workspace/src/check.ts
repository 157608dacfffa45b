/** `npm run check`: what must hold of the tree besides its tests. Runs in the root of the repository. */
import { runChecks, type Check } from './run-checks.js';

const tool = (name: string, program: string, ...args: string[]): Check => ({
  name,
  command: [`node_modules/.bin/${program}`, ...args],
});
const ours = (name: string, script: string): Check => ({ name, command: [process.execPath, script, '--check'] });

const build = [tool('build', 'nx', 'run-many', '--targets', 'build')];

const checks = [
  tool('format', 'prettier', '--check', '--log-level', 'warn', '.'),
  tool('lint', 'eslint', '--max-warnings', '0', '.'),
  tool('types', 'tsc', '--project', 'tsconfig.json', '--noEmit'),
  ours('contracts', 'libs/contracts/dist/generate.js'),
  ours('process map', 'libs/workspace/dist/process-map.js'),
  ours('hops', 'libs/workspace/dist/hops.js'),
];

const passed = (await runChecks(build, console.log)) && (await runChecks(checks, console.log));
if (passed) console.log('\nAll checks passed.');
process.exitCode = passed ? 0 : 1;
