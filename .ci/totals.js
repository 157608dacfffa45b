import { writeFileSync } from 'node:fs';

/** A Jest reporter: writes the run's totals in one line to the file that RETAGUARDA_TOTALS names, if it names one. */
export default class Totals {
  onRunComplete(_contexts, results) {
    const file = process.env.RETAGUARDA_TOTALS;
    if (!file) return;
    // A spec file that cannot even be loaded has no tests to count; it is one failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    writeFileSync(file, `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
