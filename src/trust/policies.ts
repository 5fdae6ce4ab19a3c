/*
 * Firefox's policies.json as text: adding and removing one path of `Certificates.Install`, with
 * everything else kept. Pure. What is not understood is refused, never rewritten.
 * https://firefox-admin-docs.mozilla.org/reference/policies/certificates/
 */
import { messageOf } from "../kernel/errors.ts";
import { trustErrors } from "./errors.ts";

type Json = Record<string, unknown>;

/** A policies.json that was understood. */
interface Policies {
  readonly file: Json;
  readonly policies: Json;
  readonly certificates: Json;
  readonly install: readonly string[];
}

/** The certificate files the policies install. @throws TRUST_POLICIES_INVALID */
export function installedPaths(text: string, path: string): readonly string[] {
  return parse(text, path).install;
}

/** The text with `entry` among the installed files; `text` is undefined where there is no file yet. */
export function withPath(text: string | undefined, path: string, entry: string): string {
  const parsed = parse(text ?? "{}", path);
  if (parsed.install.includes(entry)) return text ?? "";
  return render(parsed, [...parsed.install, entry], text);
}

/** The text without these entries, or undefined where nothing is left that says anything. */
export function withoutPaths(
  text: string,
  path: string,
  entries: readonly string[],
): string | undefined {
  const parsed = parse(text, path);
  const left = parsed.install.filter((entry) => !entries.includes(entry));
  if (left.length === parsed.install.length) return text;
  if (left.length > 0) return render(parsed, left, text);
  return renderWithoutInstall(parsed, text);
}

function parse(text: string, path: string): Policies {
  const refuse = (why: string, cause?: unknown): never => {
    throw trustErrors.TRUST_POLICIES_INVALID({ path, why }, { cause });
  };
  const object = (value: unknown, what: string): Json =>
    isObject(value) ? value : refuse(`${what} is no object`);
  let file: Json;
  try {
    file = object(JSON.parse(text), "the file");
  } catch (thrown) {
    return refuse(messageOf(thrown), thrown);
  }
  const policies = object(file["policies"] ?? {}, '"policies"');
  const certificates = object(policies["Certificates"] ?? {}, '"Certificates"');
  const install = certificates["Install"] ?? [];
  if (!isListOfText(install)) return refuse('"Certificates.Install" is no list of files');
  return { file, policies, certificates, install };
}

function render(parsed: Policies, install: readonly string[], like: string | undefined): string {
  const certificates = { ...parsed.certificates, Install: install };
  const policies = { ...parsed.policies, Certificates: certificates };
  return stringify({ ...parsed.file, policies }, like);
}

/** Containers that held our entry alone go with it: Firefox complains about empty policies. */
function renderWithoutInstall(parsed: Policies, like: string): string | undefined {
  const certificates = without(parsed.certificates, "Install");
  const policies = isEmpty(certificates)
    ? without(parsed.policies, "Certificates")
    : { ...parsed.policies, Certificates: certificates };
  const others = without(parsed.file, "policies");
  if (isEmpty(policies) && isEmpty(others)) return undefined;
  return stringify({ ...parsed.file, policies }, like);
}

/** Written as the file was: its indentation, two spaces where it had none. */
function stringify(value: Json, like: string | undefined): string {
  const indent = /^([ \t]+)"/m.exec(like ?? "")?.[1] ?? "  ";
  return `${JSON.stringify(value, undefined, indent)}\n`;
}

function without(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function isEmpty(object: Json): boolean {
  return Object.keys(object).length === 0;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
