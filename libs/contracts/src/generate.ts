import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { check, write } from './artefacts.js';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const { isFine, report } = values.check ? check(root) : write(root);

for (const line of report) console.log(line);
if (!isFine) {
  if (values.check) console.log('Run: npx nx build contracts && node libs/contracts/dist/generate.js');
  process.exitCode = 1;
}
