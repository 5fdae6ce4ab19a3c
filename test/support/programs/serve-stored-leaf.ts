/*
 * A program for the start-up test: opens the authority in the folder it is told, serves the leaf for
 * hello.local from there, and prints whether the X.509 library was loaded for it.
 */
import { systemClock } from "../../../src/kernel/clock.ts";
import { silentLog } from "../../../src/kernel/log.ts";
import { openAuthority } from "../../../src/pki/authority.ts";
import { createLeafVault } from "../../../src/pki/vault.ts";

const [dir = ""] = process.argv.slice(2);
const common = { dir, clock: systemClock, log: silentLog };
const authority = await openAuthority(common);
if (authority === undefined) throw new Error(`there is no authority in ${dir}`);
const vault = createLeafVault({ ...common, authority, addresses: () => [], allowed: () => true });
const { id } = await vault.leafFor("hello.local");
// The X.509 library cannot load without reflect-metadata, which leaves this mark on Reflect.
console.log(JSON.stringify({ id, isLibraryLoaded: "getMetadata" in Reflect }));
