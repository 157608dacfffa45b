/** How long a door to the outside may take to answer. */
export const ASK_LIMIT_MS = 30_000;

/** Thrown when the outside does not answer; whether it acted is unknown, so the next attempt asks for the state first. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** The answer, or `NoAnswer` after `limitMs`: without a limit one silent door would hold up its step for ever. */
export async function inTime<T>(asking: Promise<T>, limitMs = ASK_LIMIT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([asking, late]);
  } finally {
    clearTimeout(timer);
  }
}
