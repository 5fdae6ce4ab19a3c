/*
 * How to trust the root, one line per kind of device.
 */
import type { Child } from "hono/jsx";
import type { Device } from "./device.ts";

interface Step {
  readonly id: Device | "firefox";
  readonly title: string;
  readonly line: Child;
}

const STEPS: readonly Step[] = [
  {
    id: "ios",
    title: "iPhone or iPad",
    line: "Get the root with Safari and allow it; then Settings › General › VPN & Device Management › install it; then General › About › Certificate Trust Settings › switch it on.",
  },
  {
    id: "android",
    title: "Android",
    line: "Get the root; then Settings › Security › Encryption & credentials › Install a certificate › CA certificate, and choose root.crt.",
  },
  {
    id: "mac",
    title: "Mac",
    line: (
      <>
        Get the root, then:{" "}
        <code>
          security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db
          ~/Downloads/root.crt
        </code>
      </>
    ),
  },
  {
    id: "windows",
    title: "Windows",
    line: (
      <>
        Get the root, then:{" "}
        <code>certutil -user -addstore Root %USERPROFILE%\Downloads\root.crt</code>
      </>
    ),
  },
  {
    id: "linux",
    title: "Linux",
    line: (
      <>
        On the machine with the door: <code>genkan trust</code>
        On another Debian or Ubuntu, get the root as PEM, then:{" "}
        <code>
          sudo cp ~/Downloads/genkan-root.pem /usr/local/share/ca-certificates/genkan.crt && sudo
          update-ca-certificates
        </code>
      </>
    ),
  },
  {
    id: "firefox",
    title: "Firefox, on any of them",
    line: "Settings › Privacy & Security › Certificates › View Certificates › Authorities › Import, and choose root.crt to identify websites.",
  },
];

export function TrustSteps({ device }: { readonly device: Device | undefined }) {
  const own = STEPS.find((step) => step.id === device);
  const others = STEPS.filter((step) => step !== own);
  return (
    <>
      {own === undefined ? null : (
        <div class="here">
          <b>{own.title}</b>
          {own.line}
        </div>
      )}
      <details open={own === undefined}>
        <summary>{own === undefined ? "Choose your device" : "Other devices"}</summary>
        <ul class="steps">
          {others.map((step) => (
            <li>
              <b>{step.title}</b>
              {step.line}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
