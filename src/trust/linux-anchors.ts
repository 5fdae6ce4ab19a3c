/*
 * Where each family of Linux keeps the administrator's own roots, as a table. Pure; read by
 * system-store.ts.
 */

export interface LinuxAnchors {
  readonly family: string;
  /** `ID` or `ID_LIKE` of /etc/os-release. */
  readonly distros: readonly string[];
  /** The administrator's folder of roots, one certificate a file. */
  readonly folder: string;
  /** Endings the refreshing command takes. */
  readonly ending: ".crt" | ".pem";
  /** Makes the bundle follow the folder. */
  readonly refresh: readonly [string, ...string[]];
  /** The same after a removal, where more is needed then. */
  readonly refreshAfterRemoval?: readonly [string, ...string[]];
  /** What programs read: every trusted root as PEM, one after the other. */
  readonly bundle: string;
  /** A Java keystore the same command writes afresh each time, so that it is not ours to change. */
  readonly java?: string;
  /** Installs the refreshing command. */
  readonly installTool: string;
  /** Installs NSS's certutil. */
  readonly installCertutil: string;
}

const TABLE: readonly LinuxAnchors[] = [
  {
    // update-ca-certificates(8)
    family: "Debian",
    distros: ["debian", "ubuntu"],
    folder: "/usr/local/share/ca-certificates",
    ending: ".crt",
    refresh: ["update-ca-certificates"],
    // Without --fresh the links of a removed file stay behind in /etc/ssl/certs.
    refreshAfterRemoval: ["update-ca-certificates", "--fresh"],
    bundle: "/etc/ssl/certs/ca-certificates.crt",
    // No `java`: its hook adds to /etc/ssl/certs/java/cacerts and never takes out (seen with
    // ca-certificates-java 20230710), so that keystore is a store like any other.
    installTool: "sudo apt install ca-certificates",
    installCertutil: "sudo apt install libnss3-tools",
  },
  {
    // update-ca-trust(8)
    family: "Fedora",
    distros: ["fedora", "rhel", "centos"],
    folder: "/etc/pki/ca-trust/source/anchors",
    ending: ".pem",
    refresh: ["update-ca-trust", "extract"],
    bundle: "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    java: "/etc/pki/ca-trust/extracted/java/cacerts",
    installTool: "sudo dnf install ca-certificates",
    installCertutil: "sudo dnf install nss-tools",
  },
  {
    // trust(1) of p11-kit
    family: "Arch",
    distros: ["arch", "archlinux"],
    folder: "/etc/ca-certificates/trust-source/anchors",
    ending: ".crt",
    refresh: ["trust", "extract-compat"],
    bundle: "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
    java: "/etc/ca-certificates/extracted/java-cacerts.jks",
    installTool: "sudo pacman -S ca-certificates-utils p11-kit",
    installCertutil: "sudo pacman -S nss",
  },
  {
    // update-ca-certificates(8) of openSUSE
    family: "SUSE",
    distros: ["suse", "opensuse", "sles"],
    folder: "/etc/pki/trust/anchors",
    ending: ".pem",
    refresh: ["update-ca-certificates"],
    bundle: "/var/lib/ca-certificates/ca-bundle.pem",
    java: "/var/lib/ca-certificates/java-cacerts",
    installTool: "sudo zypper install ca-certificates",
    installCertutil: "sudo zypper install mozilla-nss-tools",
  },
];

/** The row for a distribution (Host.distro: its own id first, then those it is like), or undefined. */
export function linuxAnchors(distro: readonly string[]): LinuxAnchors | undefined {
  return distro
    .map((id) => TABLE.find((row) => row.distros.includes(id)))
    .find((row) => row !== undefined);
}
