/*
 * The link a QR code carries: where the door's first page is, and which root it should hand out. The
 * fingerprint stands behind the `#`, which browsers keep to themselves: it is sent to nobody.
 */

/**
 * @param origin `http://192.168.1.20`: of the plain port, by an address, which resolves on every device.
 * @param fingerprint256 of the root, `AA:BB:...`
 */
export function doorLink(origin: string, fingerprint256: string): string {
  return `${origin}/#${fingerprint256.replaceAll(":", "")}`;
}
