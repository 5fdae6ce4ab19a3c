/*
 * Tasks that must not run side by side: each begins when the one before has ended, however it ended.
 */

/** @returns the same task, one at a time. */
export function inTurn<Input, Output>(task: (input: Input) => Promise<Output>) {
  let queue: Promise<unknown> = Promise.resolve();
  return (input: Input): Promise<Output> => {
    const turn = queue.then(() => task(input));
    queue = turn.catch(() => undefined); // whoever asked hears of it through `turn`
    return turn;
  };
}
