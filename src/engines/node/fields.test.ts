import fc from "fast-check";
import { expect, test } from "vitest";
import { tokensOf, valuesOf } from "./fields.ts";

const name = fc.constantFrom("a", "A", "b", "aa");
const fields = fc.array(fc.tuple(name, fc.string()));

test("the values of a field are all there, in their order, whatever the case of its name", () => {
  fc.assert(
    fc.property(fields, (written) => {
      const values = written
        .filter(([field]) => field.toLowerCase() === "a")
        .map(([, value]) => value);
      expect(valuesOf(written.flat(), "a")).toEqual(values);
    }),
  );
});

test("a list is read as it was written, over however many lines, blanks and empty members", () => {
  const token = fc.string({ unit: fc.constantFrom(..."aZ09-_!~".split("")), minLength: 1 });
  const blank = fc.constantFrom("", " ", "\t ");
  const member = fc.tuple(blank, fc.option(token, { nil: "" }), blank);
  fc.assert(
    fc.property(fc.array(fc.array(member, { minLength: 1 })), (lines) => {
      const headers = lines.flatMap((members) => [
        "List",
        members.map((one) => one.join("")).join(","),
      ]);
      const tokens = lines.flat().map(([, said]) => said.toLowerCase());
      expect(tokensOf(headers, "list")).toEqual(tokens.filter((said) => said !== ""));
    }),
  );
});
