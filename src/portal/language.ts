/*
 * Which of the door's languages a visitor reads: what they chose on the page, else what their browser
 * asks for, else English.
 */
export type Language = "en" | "ja";

const LANGUAGES: readonly Language[] = ["en", "ja"];

function isLanguage(text: string | undefined): text is Language {
  return LANGUAGES.some((language) => language === text);
}

/**
 * @param chosen the page's own `lang` parameter.
 * @param accepted `Accept-Language` (RFC 9110 section 12.5.4): ranges by falling quality, of which the primary tag counts.
 */
export function languageFor(chosen: string | undefined, accepted: string | undefined): Language {
  if (isLanguage(chosen)) return chosen;
  return ranges(accepted ?? "").find(isLanguage) ?? "en";
}

function ranges(header: string): string[] {
  return header
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.toLowerCase().split(";");
      const quality = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find(Boolean);
      return { primary: tag.trim().replace(/-.*$/, ""), quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ primary }) => primary);
}
