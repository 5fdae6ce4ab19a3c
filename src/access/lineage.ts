/*
 * Which device came in through which: one that signed in with a passkey stands on the device the passkey
 * belongs to, and that one perhaps on another. Whatever ends one ends those that stand on it. Pure.
 */

interface Link {
  readonly id: string;
  /** The device whose passkey let it in; null for one that was paired. */
  readonly through: string | null;
}

/**
 * The device, the one it came in through, and so on to the one that was paired; empty where the line is
 * broken or leads back to itself, which only a damaged file does.
 */
export function lineOf<Device extends Link>(
  devices: ReadonlyMap<string, Device>,
  id: string,
): readonly Device[] {
  const line: Device[] = [];
  let next: string | null = id;
  while (next !== null) {
    const device = devices.get(next);
    if (!device || line.includes(device)) return [];
    line.push(device);
    next = device.through;
  }
  return line;
}

/** The device itself, and all that came in through it, at any remove. */
export function branchOf<Device extends Link>(
  devices: readonly Device[],
  id: string,
): readonly Device[] {
  const branch = new Set(devices.filter((device) => device.id === id));
  for (const { id: holder } of branch) {
    for (const device of devices) if (device.through === holder) branch.add(device); // walked, too
  }
  return [...branch];
}
