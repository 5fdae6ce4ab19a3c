/*
 * Open WebSockets, by app. They outlive plans: only those of an app that is gone are ended.
 */
export interface Tunnels {
  /** Remembers how to end one; call what it gives when it is over. */
  add(app: string, end: () => void): () => void;
  count(app: string): number;
  /** Ends those of apps that are not in `apps`. */
  keepOnly(apps: ReadonlySet<string>): void;
}

export function createTunnels(): Tunnels {
  const open = new Map<string, Set<() => void>>();
  return {
    add(app, end) {
      const ofApp = open.get(app) ?? new Set();
      open.set(app, ofApp.add(end));
      return () => {
        ofApp.delete(end);
        if (ofApp.size === 0) open.delete(app);
      };
    },
    count: (app) => open.get(app)?.size ?? 0,
    keepOnly(apps) {
      for (const [app, ends] of open) {
        if (!apps.has(app)) for (const end of ends) end();
      }
    },
  };
}
