import { describe, expect, test } from "vitest";
import { photographOf, readQr } from "../../test/support/qr.ts";
import { describeWithTools } from "../../test/support/tools.ts";
import { doorLink } from "../model/door-link.ts";
import { qrText } from "./qr-text.ts";

const PRINT = Array.from({ length: 32 }, (_, i) => (i * 7 + 16).toString(16).toUpperCase());
const LINK = doorLink("http://192.168.1.20:8080", PRINT.join(":"));
const DARK = { text: 220, paper: 20 };
const LIGHT = { text: 40, paper: 250 };

describeWithTools("the code in a terminal, read by a camera", ["zbarimg"], () => {
  test.each([
    ["dark", DARK],
    ["light", LIGHT],
  ])("says address and fingerprint in a %s theme", (_, theme) => {
    const picture = qrText(LINK, { columns: 80, hasColours: true }) ?? "";
    expect(readQr(photographOf(picture, theme))).toBe(
      `http://192.168.1.20:8080/#${PRINT.join("")}`,
    );
  });

  test("says the same without colours in a dark terminal", () => {
    const picture = qrText(LINK, { columns: 80, hasColours: false }) ?? "";
    expect(picture).not.toContain("\u001b");
    expect(readQr(photographOf(picture, DARK))).toBe(LINK);
  });

  test.each(["http://10.0.0.1", "http://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:65535"])(
    "of %s fits a terminal of 80 columns",
    (origin) => {
      const link = doorLink(origin, PRINT.join(":"));
      const picture = qrText(link, { columns: 80, hasColours: true }) ?? "";
      expect(readQr(photographOf(picture, DARK))).toBe(link);
    },
  );
});

describe("the code", () => {
  test("is left out where it would be broken over lines", () => {
    expect(qrText(LINK, { columns: 40, hasColours: true })).toBeUndefined();
  });

  test("leaves the terminal's colours as they were at the end of each line", () => {
    const lines = (qrText(LINK, { columns: 80, hasColours: true }) ?? "").split("\n");
    expect(lines.filter((line) => !line.endsWith("\u001b[0m"))).toEqual([]);
  });
});
