/** Whether a service can do its work. */
export abstract class Readiness {
  /** Why not, as a sentence for operators; undefined when it can. What it throws is the answer of the door. */
  abstract notReadyBecause(): Promise<string | undefined>;
}
