import { isAbsolute, relative } from 'node:path';

/** What of Jest's configuration decides which files are run. */
export interface Selection {
  rootDir: string;
  /** Regular expressions from the command line; none: everything. */
  patterns: string[];
  ignored: string[];
}

/** Whether any spec that speaks to servers can be among the selected ones. Too many is slow, too few would fail: when in doubt, yes. */
export function needsServers({ rootDir, patterns, ignored }: Selection, specs: string[]): boolean {
  const isIgnored = (path: string) => ignored.some((pattern) => new RegExp(pattern).test(path));
  const isChosen = (path: string) =>
    patterns.length === 0 ||
    patterns.some((pattern) => {
      const tested = isAbsolute(pattern) ? path : relative(rootDir, path);
      return new RegExp(pattern.replace(/^\.\//, ''), 'i').test(tested);
    });
  return specs.some((path) => usesTestServers(path) && isChosen(path) && !isIgnored(path));
}

/** The specs of libs/infrastructure start and stop servers of their own. */
function usesTestServers(path: string): boolean {
  return path.endsWith('.int.spec.ts') && !path.includes('/libs/infrastructure/');
}
