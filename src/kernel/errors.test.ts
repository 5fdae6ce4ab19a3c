import { expect, test } from "vitest";
import { codeOf, defineErrors, GenkanError, messageOf } from "./errors.ts";

const teaErrors = defineErrors({
  TEA_COLD: {
    says: (p: { cup: string }) => `The tea in ${p.cup} is cold.`,
    fix: (p) => `Warm it: kettle ${p.cup}`,
  },
  TEA_REFUSED: { says: () => "This is a coffee pot.", fix: () => "Ask for coffee.", exit: 2 },
});

test("a catalogue makes errors with code, sentence, fix and exit code", () => {
  const error = teaErrors.TEA_COLD({ cup: "blue" });
  expect(error).toBeInstanceOf(GenkanError);
  expect(error).toMatchObject({
    name: "GenkanError",
    code: "TEA_COLD",
    message: "The tea in blue is cold.",
    fix: "Warm it: kettle blue",
    exit: 1,
  });
  expect(teaErrors.TEA_REFUSED({}).exit).toBe(2);
});

test("the cause is kept", () => {
  const cause = new Error("power cut");
  expect(teaErrors.TEA_COLD({ cup: "red" }, { cause }).cause).toBe(cause);
});

test("a trouble without an exit code ends with 1", () => {
  expect(new GenkanError({ code: "A_B", message: "m", fix: "f" }).exit).toBe(1);
});

test.each([
  [Object.assign(new Error("gone"), { code: "ENOENT" }), "ENOENT"],
  [{ code: "EADDRINUSE" }, "EADDRINUSE"],
  [Object.assign(new Error("exit"), { code: 3 }), undefined],
  [new Error("no code"), undefined],
  [null, undefined],
  ["ENOENT", undefined],
])("the system's code of %o is %s", (thrown, code) => {
  expect(codeOf(thrown)).toBe(code);
});

test("what was thrown becomes a sentence, whatever it is", () => {
  expect(messageOf(new Error("no tea"))).toBe("no tea");
  expect(messageOf("plain text")).toBe("plain text");
  expect(messageOf(undefined)).toBe("undefined");
});
