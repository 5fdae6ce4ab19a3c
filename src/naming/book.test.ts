import { expect, test } from "vitest";
import { createBook } from "./book.ts";

function bookOf(...names: string[]) {
  const book = createBook("box");
  book.want(names);
  return book;
}

test("what multicast DNS carries is announced, the rest is said", () => {
  const book = bookOf("hello.local", "hello.localhost", "hello.home.arpa");
  expect(book.toAnnounce()).toEqual(["hello.local"]);
  expect(book.notCarried()).toEqual(["hello.home.arpa"]);
});

test("a name is claimed until nobody has objected", () => {
  const book = bookOf("hello.local");
  expect(book.names()).toMatchObject([{ state: "claimed" }]);
  book.held("hello.local");
  expect(book.names()).toMatchObject([{ state: "announced" }]);
  book.unsettle();
  expect(book.names()).toMatchObject([{ state: "claimed" }]);
});

test("a name that is lost is announced no more, and another stands in for it", () => {
  const book = bookOf("hello.local");
  const loss = { name: "hello.local", owner: "10.0.0.3", instead: "hello-box.local" };
  expect(book.lose("hello.local", "10.0.0.3")).toEqual(loss);
  expect(book.toAnnounce()).toEqual([]);
  expect([...book.renames()]).toEqual([["hello.local", "hello-box.local"]]);
  expect(book.names()).toEqual([{ ...loss, state: "taken" }]);
});

test("one loss is told once", () => {
  const book = bookOf("hello.local");
  book.lose("hello.local", "10.0.0.3");
  expect(book.lose("hello.local", "10.0.0.4")).toBeUndefined();
  expect(book.lose("of-nobody.local", "10.0.0.4")).toBeUndefined();
});

test("a stand-in is none of the person's own names", () => {
  const book = bookOf("hello.local", "hello-box.local");
  expect(book.lose("hello.local", undefined)?.instead).toBe("hello-box-2.local");
});

test("whoever takes every stand-in is not fought", () => {
  const book = bookOf("hello.local");
  const instead = ["hello.local", "hello-box.local", "hello-box-2.local"].map((name) => {
    book.want(["hello.local", name]);
    return book.lose(name, "10.0.0.66")?.instead;
  });
  expect(instead).toEqual(["hello-box.local", "hello-box-2.local", "hello-box-3.local"]);
  book.want(["hello.local", "hello-box-3.local"]);
  expect(book.lose("hello-box-3.local", "10.0.0.66")).toEqual({
    name: "hello.local",
    owner: "10.0.0.66",
    instead: undefined,
  });
  expect(book.renames().size).toBe(0);
  expect(book.toAnnounce()).toEqual([]);
  expect(book.lose("hello-box.local", "10.0.0.66")).toBeUndefined();
  expect(book.forgive()).toBe(true);
  expect(book.toAnnounce()).toContain("hello.local");
});
