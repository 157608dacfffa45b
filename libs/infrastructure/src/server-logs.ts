import { existsSync, readFileSync } from 'node:fs';

/** The end of the newest log that says anything, for an error message. */
export function lastLines(files: string[], count = 15): string {
  for (const file of files) {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [''];
    if (lines.join('') !== '') return `Its last words (${file}):\n${lines.slice(-count).join('\n')}`;
  }
  return `It left no word in ${files.join(', ')}.`;
}
