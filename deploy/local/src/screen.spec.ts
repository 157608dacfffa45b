import { Screen } from './screen.js';

describe('what is said where nobody watches', () => {
  const said: string[] = [];
  const screen = new Screen(false, (text) => void said.push(text));
  beforeEach(() => said.splice(0));

  it('shows the live view as a line at most every five seconds', () => {
    for (const line of ['1 of 3', '2 of 3', '3 of 3']) screen.live({ block: 'a\nb', line });
    expect(said).toEqual(['1 of 3']);
  });

  it('has no two empty lines after one another', () => {
    for (const text of ['a', '', '', 'b']) screen.line(text);
    expect(said).toEqual(['a', '', 'b']);
  });
});
