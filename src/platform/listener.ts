/*
 * One TCP socket that listens on this machine, as every operating system's reader gives it.
 */
export interface Listener {
  /** `0.0.0.0` or `::` for all. */
  readonly address: string;
  readonly port: number;
  readonly pid: number | undefined;
  readonly program: string | undefined;
  readonly user: string | undefined;
}
