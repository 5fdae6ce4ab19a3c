/*
 * What was measured: numbers by column and proxy, several where there were several rounds. A text stands
 * where a proxy cannot do what was asked.
 */
import { median } from "./machine.ts";

export interface Column {
  readonly title: string;
  /** A number as it stands in the table. */
  readonly format: (value: number) => string;
  /** Shown as a multiple of the article's nginx too; the column to compare with, where it is not this one. */
  readonly ratioTo?: string;
}

export interface Section {
  readonly title: string;
  readonly text: string;
  readonly columns: readonly Column[];
}

export class Results {
  readonly #numbers = new Map<string, number[]>();
  readonly #texts = new Map<string, string>();

  add(column: string, peer: string, value: number): void {
    const key = `${column}\n${peer}`;
    this.#numbers.set(key, [...(this.#numbers.get(key) ?? []), value]);
  }

  say(column: string, peer: string, text: string): void {
    this.#texts.set(`${column}\n${peer}`, text);
  }

  /** The median of the rounds. */
  number(column: string, peer: string): number | undefined {
    const list = this.#numbers.get(`${column}\n${peer}`);
    return list && median(list);
  }

  text(column: string, peer: string): string | undefined {
    return this.#texts.get(`${column}\n${peer}`);
  }
}
