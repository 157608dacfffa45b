/* Runs before anything is built or installed, straight from the sources: plain JavaScript that an old Node reads, too. */
import { existsSync } from 'node:fs';

const oldest = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
const problem =
  major < oldest[0] || (major === oldest[0] && minor < oldest[1])
    ? `Node ${process.versions.node} is too old: Retaguarda needs Node ${oldest.join('.')} or newer (nvm install, or https://nodejs.org).`
    : existsSync(new URL('../../../node_modules/nx', import.meta.url))
      ? ''
      : 'The packages are not installed yet: run npm ci first.';

if (problem) {
  console.error(`\n  ${problem}\n`);
  process.exit(1);
}

// The build that follows says nothing, and takes a while the first time.
console.log('\n  building what has changed …');
