/*
 * What passes through, counted per app, and what is under way, so that the door can wait for it when
 * it closes.
 */
interface Counts {
  /** Since the door opened. */
  requests: number;
  /** Under way, WebSockets not among them. */
  active: number;
}

export interface Traffic {
  of(app: string): Counts;
  /** An exchange began, WebSockets not among them; call what it gives when it is over. */
  begin(): () => void;
  /** Resolves when no exchange is under way, or after `ms` milliseconds. */
  whenQuiet(ms: number): Promise<void>;
}

export function createTraffic(): Traffic {
  const counts = new Map<string, Counts>();
  let underWay = 0;
  let onQuiet: (() => void) | undefined;

  function of(app: string): Counts {
    const known = counts.get(app);
    if (known) return known;
    const fresh = { requests: 0, active: 0 };
    counts.set(app, fresh);
    return fresh;
  }
  function end(): void {
    underWay -= 1;
    if (underWay === 0) onQuiet?.();
  }
  return {
    of,
    begin() {
      underWay += 1;
      return end;
    },
    async whenQuiet(ms) {
      if (underWay === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        onQuiet = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
