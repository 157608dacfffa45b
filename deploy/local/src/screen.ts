import logUpdate from 'log-update';
import colors from 'picocolors';

const plainEveryMs = 5_000;

/** The same view for a terminal, where it is drawn over, and for a pipe, where it is a line now and then. */
export interface LiveView {
  block: string;
  line: string;
}

/** Everything that the launcher says. */
export class Screen {
  private view?: LiveView;
  private saidAt = -Infinity;
  private said = '';
  private isAfterGap = false;

  constructor(
    readonly isTerminal: boolean = process.stdout.isTTY === true,
    private readonly print: (text: string) => void = console.log,
  ) {}

  /** An empty line after an empty one is left out. */
  line(text = ''): void {
    if (text === '' && this.isAfterGap) return;
    this.isAfterGap = text === '' || text.endsWith('\n');
    if (this.isTerminal && this.view) logUpdate.clear();
    this.print(text);
    if (this.isTerminal && this.view) logUpdate(this.view.block);
  }

  /** Away from what the terminal has echoed, such as ^C. */
  startLine(): void {
    if (this.isTerminal) this.print('');
  }

  title(text: string): void {
    this.line(`\n${colors.bold(text)}\n`);
  }

  done(text: string): void {
    this.line(`  ${colors.green('✔')} ${text}`);
  }

  note(text: string): void {
    this.line(`  ${colors.dim('•')} ${text}`);
  }

  warn(text: string): void {
    this.line(`  ${colors.yellow('!')} ${indented(text)}`);
  }

  problem(text: string): void {
    this.line(`  ${colors.red('✖')} ${indented(text)}`);
  }

  /** Shows it in place of the live view before it. */
  live(view: LiveView): void {
    if (this.isTerminal) {
      this.view = view;
      logUpdate(view.block);
      return;
    }
    const now = performance.now();
    if (view.line === this.said || now - this.saidAt < plainEveryMs) return;
    [this.said, this.saidAt] = [view.line, now];
    this.print(view.line);
  }

  /** Takes the live view away, or leaves its last state standing. */
  endLive({ isKept = false } = {}): void {
    if (!this.view) return;
    if (isKept) logUpdate.done();
    else logUpdate.clear();
    this.view = undefined;
  }

  /** A live line that counts the seconds until `work` has ended. */
  async during<T>(text: string, work: Promise<T>): Promise<T> {
    const begin = performance.now();
    const show = () => {
      const seconds = Math.floor((performance.now() - begin) / 1_000);
      this.live({ block: `  ${colors.cyan('…')} ${text} ${colors.dim(`${seconds} s`)}`, line: `  … ${text}` });
    };
    show();
    const ticking = setInterval(show, 250);
    try {
      return await work;
    } finally {
      clearInterval(ticking);
      this.endLive();
    }
  }
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n    ');
}
