/** Whether the process is on its way out: readiness turns red before anything is closed. */
export class Life {
  isStopping = false;
}
