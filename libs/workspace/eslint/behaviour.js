/** Selectors for `no-restricted-syntax`. Their messages differ, so that the spec can tell which of them have bitten. */

/** A department takes its time from `tx.now`. */
export const clock = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'tx.now is the time, not Date.now().',
  },
  {
    selector: ":matches(NewExpression, CallExpression)[callee.name='Date'][arguments.length=0]",
    message: 'tx.now is the time, not new Date().',
  },
  {
    selector: 'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate)$/]',
    message: 'A department does not schedule by itself: return notYet(why), or add an every(seconds) row to its table.',
  },
];

/** The transport may spread its retries by chance; what a department decides and what a test does must be repeatable. */
export const chance = [
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'What depends on unseeded randomness cannot be replayed after a failure.',
  },
];

const suites = '/^(it|test|describe)$/';

/** A test that does not run guards nothing; a focused one switches off all the others. */
export const testsThatDoNotRun = [
  {
    selector: `MemberExpression[object.name=${suites}][property.name=/^(only|skip|todo|failing)$/]`,
    message: 'Every test runs, or is deleted: no only, skip, todo or failing.',
  },
  {
    selector: `MemberExpression[object.object.name=${suites}][property.name=/^(only|skip|failing)$/]`,
    message: 'Every test runs, or is deleted: no concurrent.only or concurrent.skip.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
    message: 'Every test runs, or is deleted: no fit, xit and their like.',
  },
];

/** Tests wait for something that happens (a message spy, a condition), not for time to pass. */
export const sleeps = [
  {
    selector: "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout']",
    message: 'No sleeps: await what the test waits for.',
  },
];
