import type { CDPSession, Page } from "playwright-core";

/** A passkey as Chromium's DevTools tell of it (Chrome DevTools Protocol, domain WebAuthn). */
type Credential = Awaited<ReturnType<typeof credentialsIn>>[number];

export interface VirtualAuthenticator {
  /** What it holds. */
  credentials(): Promise<readonly Credential[]>;
  /** Puts these in place of what it holds: as a cloud that syncs them would, or somebody with a copy. */
  hold(credentials: readonly Credential[]): Promise<void>;
}

/** Gives a page's browser an authenticator whose person is always there, and always proves who they are. */
export async function giveAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: () => credentialsIn(devtools, authenticatorId),
    async hold(credentials) {
      await devtools.send("WebAuthn.clearCredentials", { authenticatorId });
      for (const credential of credentials) {
        await devtools.send("WebAuthn.addCredential", { authenticatorId, credential });
      }
    },
  };
}

async function credentialsIn(devtools: CDPSession, authenticatorId: string) {
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  return credentials;
}
